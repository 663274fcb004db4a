/**
 * Preloaded into every measured process, first of all: says when an HTTP server listens, and answers what the
 * process has used. Touches nothing until then, so that no arm is warmed by being watched. Imports types and
 * built-ins only, and never keeps the process alive.
 */
import diagnosticsChannel from 'node:diagnostics_channel'
import module from 'node:module'
import net from 'node:net'
import type { ListeningMessage, ProbeMessage, Target } from './messages.ts'

const control = process.env['PREWARM_PROBE']
const ordinals = new WeakMap<net.Server, number>()
/** @types/node 20 does not know it: Node 22.10 and later. */
const { flushCompileCache } = module as unknown as { readonly flushCompileCache?: () => void }
let servers = 0
let socket: net.Socket | undefined

if (control !== undefined) {
  // The channels exist from Node 19.9 on; asyncEnd comes after the kernel has begun to listen.
  diagnosticsChannel.subscribe('tracing:net.server.listen:asyncStart', (message) => {
    numbered((message as { server: net.Server }).server)
  })
  diagnosticsChannel.subscribe('tracing:net.server.listen:asyncEnd', (message) => {
    const clockMs = Number(process.hrtime.bigint()) / 1e6
    const sinceStartMs = performance.now()
    const { server } = message as { server: net.Server }
    const ordinal = numbered(server)
    const target = targetOf(server)
    if (ordinal === undefined || target === undefined) return
    send(control, {
      type: 'listening',
      pid: process.pid,
      ordinal,
      target,
      clockMs,
      sinceStartMs,
      node: process.version,
      hasCompileCache: flushCompileCache !== undefined,
    } satisfies ListeningMessage)
  })
}

/** Only servers that answer requests count: the private listener of the replayer has no such listener. */
function numbered(server: net.Server): number | undefined {
  if (server.listenerCount('request') === 0) return undefined
  const ordinal = ordinals.get(server) ?? servers++
  ordinals.set(server, ordinal)
  return ordinal
}

function targetOf(server: net.Server): Target | undefined {
  const address = server.address()
  const secure = server.listenerCount('secureConnection') > 0
  if (address === null) return undefined
  if (typeof address === 'string') return { kind: 'path', path: address, secure }
  const isWildcard = address.address === '::' || address.address === '0.0.0.0'
  return {
    kind: 'port',
    host: isWildcard ? '127.0.0.1' : address.address,
    port: address.port,
    secure,
  }
}

function send(address: string, message: ProbeMessage): void {
  if (socket === undefined) {
    socket = net.connect(address).setEncoding('utf8').unref()
    // The driver may be gone already; the service has nothing to do with it.
    socket.on('error', () => undefined)
    socket.on('data', (commands: unknown) => {
      for (const command of String(commands).split('\n')) answer(address, command)
    })
  }
  socket.write(`${JSON.stringify(message)}\n`)
}

function answer(address: string, command: string): void {
  const { pid } = process
  if (command === 'usage') {
    const { user, system } = process.cpuUsage()
    const rssBytes = process.memoryUsage.rss()
    send(address, { type: 'usage', pid, cpuMs: (user + system) / 1000, rssBytes })
  }
  if (command === 'flush') {
    flushCompileCache?.()
    send(address, { type: 'flushed', pid })
  }
}
