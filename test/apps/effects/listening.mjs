// Listens in every way, and would open the debug port.
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import http from 'node:http'
import http2 from 'node:http2'
import https from 'node:https'
import * as inspector from 'node:inspector'
import { open as openByPromises } from 'node:inspector/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import tls from 'node:tls'

const scratch = mkdtempSync(path.join(os.tmpdir(), 'prewarm-listening-'))
const socket = path.join(scratch, 'socket')
const bound = net.createServer().listen(0, '127.0.0.1')
const other = net.createServer().listen(0, '127.0.0.1')
await Promise.all([once(bound, 'listening'), once(other, 'listening')])

const listen = async (server, ...args) => {
  try {
    server.listen(...args)
    await once(server, 'listening')
  } finally {
    server.close()
  }
}
const ways = {
  'on a port': () => listen(net.createServer(), 0, '127.0.0.1'),
  'on a port in options': () => listen(net.createServer(), { port: 0, host: '127.0.0.1' }),
  'on a port as text': () => listen(net.createServer(), '0'),
  'on IPv6': () => listen(net.createServer(), { port: 0, host: '::1' }),
  'on any port': () => listen(net.createServer()),
  'on a path': () => listen(net.createServer(), socket),
  'on a path in options': () => listen(net.createServer(), { path: socket }),
  http: () => listen(http.createServer(), 0),
  https: () => listen(https.createServer(), 0),
  http2: () => listen(http2.createServer(), 0),
  tls: () => listen(tls.createServer(), 0),
  // It closes that server too.
  'on the handle of a server': () => listen(net.createServer(), other),
}
const results = {}
for (const [name, work] of Object.entries(ways)) {
  const refused = { ...(await observe(work, { refuse: true })), isThere: existsSync(socket) }
  results[name] = { refused, allowed: await observe(work) }
}
const harmless = {
  again: await observe(() => void bound.listen(0), { refuse: true }),
  nowhere: await observe(() => void net.createServer().listen({}), { refuse: true }),
}
bound.close()

const opens = {
  inspector: () => inspector.open(0),
  promises: () => openByPromises(0),
  signal: () => process._debugProcess(process.pid),
}
const debugPort = {}
for (const [name, open] of Object.entries(opens)) {
  debugPort[name] = { ...(await observe(open, { refuse: true })), url: inspector.url() }
}
rmSync(scratch, { recursive: true })
console.log(JSON.stringify({ results, harmless, debugPort }).replaceAll(scratch, ''))
