// Asks for names in every style. `127.1` is not an address to Node, and needs nobody to be resolved.
import dgram from 'node:dgram'
import dns, { lookup } from 'node:dns'
import * as named from 'node:dns/promises'
import { once } from 'node:events'
import http from 'node:http'
import { createRequire } from 'node:module'
import net from 'node:net'
import { promisify } from 'node:util'

const { resolve4, promises } = createRequire(import.meta.url)('dns')

// A name server that knows no name.
const server = dgram.createSocket('udp4').bind(0, '127.0.0.1')
await once(server, 'listening')
let asked = 0
server.on('message', (question, { port, address }) => {
  asked++
  const answer = Buffer.from(question)
  answer[2] |= 0x80
  answer[3] = (answer[3] & 0xf0) | 3
  server.send(answer, port, address)
})
const servers = [`127.0.0.1:${server.address().port}`]
const own = new dns.Resolver()
own.setServers(servers)
const ownPromises = new dns.promises.Resolver()
ownPromises.setServers(servers)

const answer = (fn, self, ...args) =>
  new Promise((resolve, reject) => {
    const settle = (error, value) => (error ? reject(error) : resolve(value))
    fn.call(self, ...args, settle)
  })
const cases = {
  lookup: () => answer(lookup, dns, '127.1'),
  'lookup promisified': () => promisify(lookup)('127.1'),
  'lookup promise': () => named.lookup('127.1'),
  'lookup of dns.promises': () => promises.lookup('127.1', { all: true }),
  'lookup of an address': () => promises.lookup('127.0.0.1'),
  'lookup of localhost': () => named.lookup('localhost', { family: 4 }),
  'resolve4 by a resolver': () => answer(own.resolve4, own, 'one.test'),
  'resolve by a resolver': () => answer(own.resolve, own, 'one.test', 'TXT'),
  'reverse by a resolver': () => answer(own.reverse, own, '192.0.2.1'),
  'resolveMx by a promising resolver': () => ownPromises.resolveMx('one.test'),
}
const observed = async (run) => {
  const before = asked
  const refused = await observe(run, { refuse: true })
  const isAsked = asked > before
  return { allowed: await observe(run), refused: { ...refused, isAsked } }
}
const results = {}
for (const [name, run] of Object.entries(cases)) results[name] = await observed(run)
// The functions of `dns` itself are made anew by this.
dns.setServers(servers)
results['resolve4 kept from before'] = {
  refused: await observe(() => answer(resolve4, dns, 'one.test'), { refuse: true }),
}
results['resolve4 after setServers'] = await observed(() => answer(dns.resolve4, dns, 'one.test'))
results['resolve4 promise after setServers'] = await observed(() =>
  dns.promises.resolve4('one.test'),
)

const web = http.createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
await once(web, 'listening')
const { port } = web.address()
const connections = {
  net: await observe(async () => {
    const socket = net.connect(port, '127.1')
    await once(socket, 'connect')
    socket.destroy()
  }),
  http: await observe(async () => {
    const request = http.get({ host: '127.1', port, agent: false })
    const [response] = await once(request, 'response')
    response.resume()
    await once(response, 'end')
  }),
  'http with a lookup of its own': await observe(async () => {
    const options = { host: '127.1', port, agent: false, lookup: (...args) => lookup(...args) }
    const [response] = await once(http.get(options), 'response')
    response.resume()
    await once(response, 'end')
  }),
  fetch: await observe(async () => void (await (await fetch(`http://localhost:${port}/`)).text())),
}
console.log(JSON.stringify({ results, connections }))
process.exit()
