import net from 'node:net'
import type { Effect } from '../../formats/effects.ts'
import { watch } from './hooking.ts'
import { ownServers } from './sink.ts'

/** TCP and unix sockets, with whatever is spoken over them. To be called before the application is loaded. */
export function watchListening(): void {
  watch(net.Server.prototype, 'listen', {
    effects: (self, args) => {
      const server = self as net.Server
      const place = server.listening || ownServers.has(server) ? undefined : placeOf(args)
      if (place === undefined) return []
      return [{ kind: 'process', access: 'write', target: `listen ${place}` } satisfies Effect]
    },
  })
}

interface ListenOptions {
  readonly _handle?: unknown
  readonly handle?: unknown
  readonly fd?: unknown
  readonly host?: unknown
  readonly port?: unknown
  readonly path?: unknown
}

/**
 * `host:port`, `:port` on all addresses, or socket path that the arguments of `server.listen()` name; undefined: they
 * name none, and Node will not accept them.
 */
function placeOf(args: readonly unknown[]): string | undefined {
  const options = optionsOf(args)
  if (options._handle || options.handle) return 'handle'
  const { fd, host, port, path } = options
  if (typeof fd === 'number' && fd >= 0) return `fd ${fd}`
  const isPort = typeof port === 'number' || typeof port === 'string'
  if (!isPort && typeof path === 'string') return path
  if (!isPort && !('port' in options)) return undefined
  const name = typeof host === 'string' ? host : ''
  return `${name.includes(':') ? `[${name}]` : name}:${isPort ? port : 0}`
}

function optionsOf([first, second]: readonly unknown[]): ListenOptions {
  if (typeof first === 'object' && first !== null) return first
  const isPath = typeof first === 'string' && !(Number(first) >= 0)
  return isPath ? { path: first } : { port: first, host: second }
}
