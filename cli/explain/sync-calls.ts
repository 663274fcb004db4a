import childProcess from 'node:child_process'
import fs from 'node:fs'
import module from 'node:module'
import net from 'node:net'
import type { RawTrace, SyncCall } from './raw-trace.ts'
import type { SpanLog } from './span-log.ts'
import { wrapAlways } from './wrapping.ts'

const maxKept = 10_000
const maxAboutChars = 300

/**
 * Notes what keeps the thread waiting while a module is initialised, and what is connected to. What the loader reads becomes a
 * span of its own.
 */
export function traceCalls(
  log: SpanLog,
): Pick<RawTrace, 'syncCalls' | 'connections'> & { readonly stop: () => void } {
  const syncCalls: SyncCall[] = []
  const connections: { to: string; atMs: number }[] = []

  function timed<T>(call: string, about: unknown, run: () => T): T {
    const [kind, file] = log.innermost
    if (kind !== 'evaluate') {
      const span = kind === 'resolve' ? log.enter('read', file) : undefined
      try {
        return run()
      } finally {
        if (span !== undefined) log.leave(span)
      }
    }
    const start = performance.now()
    try {
      return run()
    } finally {
      const ms = performance.now() - start
      const named = typeof about === 'string' ? about : about instanceof URL ? about.href : '?'
      const entry = { file, call, about: named.slice(0, maxAboutChars), ms }
      if (syncCalls.length < maxKept) syncCalls.push(entry)
    }
  }

  const around =
    (call: string) =>
    <F extends (...args: never[]) => unknown>(original: F): F =>
      function (this: unknown, ...args: Parameters<F>): unknown {
        return timed(call, args[0], () => original.apply(this, args))
      } as F
  const undo = [
    wrapAlways(fs, 'readFileSync', around('readFileSync')),
    wrapAlways(childProcess, 'execSync', around('execSync')),
    wrapAlways(childProcess, 'execFileSync', around('execFileSync')),
    wrapAlways(childProcess, 'spawnSync', around('spawnSync')),
    wrapAlways(
      net.Socket.prototype,
      'connect',
      (connect) =>
        function (this: net.Socket, ...args: Parameters<typeof connect>) {
          const to = targetOf(args)
          if (to !== undefined && connections.length < maxKept) {
            connections.push({ to, atMs: performance.now() })
          }
          return connect.apply(this, args)
        } as typeof connect,
    ),
  ]
  module.syncBuiltinESMExports()
  return {
    syncCalls,
    connections,
    stop() {
      for (const each of undo) each()
      module.syncBuiltinESMExports()
    },
  }
}

/** `connect` gets what its caller got, or that as a list of its own. */
function targetOf(args: readonly unknown[]): string | undefined {
  const [first, second] = (Array.isArray(args[0]) ? args[0] : args) as unknown[]
  const own = process.env['PREWARM_PROBE']
  const { host, port, path } = (
    typeof first === 'object' && first !== null
      ? first
      : typeof first === 'number'
        ? { port: first, host: second }
        : { path: first }
  ) as { host?: unknown; port?: unknown; path?: unknown }
  if (typeof path === 'string') return path === own ? undefined : path
  if (typeof port !== 'number' && typeof port !== 'string') return undefined
  return `${typeof host === 'string' ? host : 'localhost'}:${port}`
}
