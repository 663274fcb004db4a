import { watch } from './hooking.ts'
import { withOwnLookups } from './names.ts'

/** On the prototype: sockets that are there already are watched too. */
export function watchDatagrams(): void {
  watch(process.getBuiltinModule('node:dgram').Socket.prototype, 'send', {
    effects: (self, args) => [
      { kind: 'udp', access: 'write', target: peerOf(self as Sender, args) },
    ],
    pass: (original, self, args) => {
      const socket = self as Sender
      const send = (...again: unknown[]): unknown => withOwnLookups(original, socket, again)
      if (Object.hasOwn(socket, 'send')) return send(...args)
      // A socket that is not bound yet keeps `this.send` and calls it again when it is, which is not another datagram.
      socket.send = send
      try {
        return send(...args)
      } finally {
        Reflect.deleteProperty(socket, 'send')
      }
    },
  })
}

interface Sender {
  readonly type: string
  remoteAddress(): { address: string; port: number }
  send(...args: unknown[]): unknown
}

/** `send(message, [offset, length,] [port, [address]])`, without the latter two on a connected socket. */
function peerOf(socket: Sender, [, second, third, fourth, fifth]: readonly unknown[]): string {
  const connected = remoteOf(socket)
  if (connected !== undefined) return `${connected.address}:${connected.port}`
  const isPart = Boolean(fifth) || (Boolean(fourth) && typeof fourth !== 'function')
  const [port, host] = isPart ? [fourth, fifth] : [second, third]
  const itself = socket.type === 'udp6' ? '::1' : '127.0.0.1'
  return `${typeof host === 'string' && host !== '' ? host : itself}:${Number(port)}`
}

function remoteOf(socket: Sender): { address: string; port: number } | undefined {
  try {
    return socket.remoteAddress()
  } catch {
    return undefined
  }
}
