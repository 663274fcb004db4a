// Sends datagrams in every form to a receiver of its own.
import dgram, { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { promisify } from 'node:util'

const receiver = createSocket('udp4').bind(0, '127.0.0.1')
await once(receiver, 'listening')
const { port } = receiver.address()
const got = []
receiver.on('message', (message) => {
  got.push(String(message))
  receiver.emit('got', String(message))
})
const early = createSocket('udp4').bind(0)
await once(early, 'listening')
const connected = createSocket('udp4')
connected.connect(port, '127.0.0.1')
await once(connected, 'connect')

const send = (socket, ...args) => promisify(socket.send).call(socket, ...args)
const cases = {
  'to a port': () => send(early, 'to a port', port),
  'to a peer': () => send(early, Buffer.from('to a peer'), port, '127.0.0.1'),
  'a part': () => send(early, Buffer.from('a part of it'), 0, 6, port, '127.0.0.1'),
  'a list': () => send(early, [Buffer.from('a '), Buffer.from('list')], port, '127.0.0.1'),
  'to a name': () => send(early, 'to a name', port, '127.1'),
  connected: () => send(connected, 'connected'),
  'not bound yet': () => send(createSocket('udp4').unref(), 'not bound yet', port, '127.1'),
}
const results = {}
for (const [name, run] of Object.entries(cases)) {
  const refused = await observe(run, { refuse: true })
  const arrived = once(receiver, 'got')
  const allowed = await observe(async () => void (await run()))
  await arrived
  results[name] = { refused, allowed }
}
const thrown = await observe(() => early.send('thrown', port), { refuse: true })
const isUntouched = !Object.hasOwn(early, 'send') && dgram.Socket.prototype.send.length === 6
console.log(JSON.stringify({ results, got, thrown, isUntouched }).replaceAll(String(port), 'PORT'))
process.exit()
