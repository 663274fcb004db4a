/**
 * Preloaded into a service whose start is to be explained: notes which module is read, compiled and evaluated when, samples the
 * main thread, and writes it all to `PREWARM_EXPLAIN` once an HTTP server listens. Runs in somebody else's process: nothing of it
 * may throw, and nothing stays behind.
 */
import diagnosticsChannel from 'node:diagnostics_channel'
import { realpathSync, renameSync, writeFileSync } from 'node:fs'
import inspector, { type Profiler } from 'node:inspector'
import type { Server } from 'node:net'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'
import { identifyApp } from '../../runtime/app.ts'
import { hasModuleHooks } from '../../runtime/module-hooks.ts'
import { traceLoaders } from './loader-spans.ts'
import type { RawTrace } from './raw-trace.ts'
import { SpanLog } from './span-log.ts'
import { traceCalls } from './sync-calls.ts'
import { TracedFiles } from './traced-files.ts'

const sampleEveryUs = 1000
const folder = process.env['PREWARM_EXPLAIN']

if (folder !== undefined && isMainThread) {
  const sampler = startSampler()
  const log = new SpanLog()
  const files = new TracedFiles()
  const calls = traceCalls(log)
  const stop = traceLoaders(log, files)
  const readyMs = performance.now()
  const channel = 'tracing:net.server.listen:asyncEnd'
  const onListen = (message: unknown): void => {
    const listenMs = performance.now()
    const { server } = message as { readonly server: Server }
    // The private listener of the replayer answers no requests.
    if (server.listenerCount('request') === 0) return
    diagnosticsChannel.unsubscribe(channel, onListen)
    const profile = sampler.stop()
    calls.stop()
    stop()
    write(folder, {
      pid: process.pid,
      node: process.version,
      nodeEnv: process.env['NODE_ENV'] ?? null,
      root: identifyApp(process.argv[1]).root,
      entry: entryFile(),
      knowsImports: hasModuleHooks,
      bootstrapMs: performance.nodeTiming.bootstrapComplete,
      readyMs,
      listenMs,
      files: files.files,
      edges: files.edges,
      ...log.written,
      syncCalls: calls.syncCalls,
      connections: calls.connections,
      profile,
      profileStartMs: profile === null ? 0 : sinceStart(profile.startTime),
    })
  }
  diagnosticsChannel.subscribe(channel, onListen)
}

function entryFile(): string | null {
  try {
    return process.argv[1] === undefined ? null : realpathSync(process.argv[1])
  } catch {
    return null
  }
}

/** V8 counts microseconds on the clock of `process.hrtime`. */
function sinceStart(clockUs: number): number {
  return performance.now() - (Number(process.hrtime.bigint()) / 1000 - clockUs) / 1000
}

function startSampler(): { stop(): Profiler.Profile | null } {
  try {
    const session = new inspector.Session()
    session.connect()
    session.post('Profiler.enable')
    session.post('Profiler.setSamplingInterval', { interval: sampleEveryUs })
    session.post('Profiler.start')
    return {
      stop() {
        let taken: Profiler.Profile | null = null
        session.post('Profiler.stop', (error, { profile }) => {
          if (error === null) taken = profile
        })
        session.disconnect()
        return taken
      },
    }
  } catch {
    // Under `--permission` there is no inspector.
    return { stop: () => null }
  }
}

function write(into: string, trace: RawTrace): void {
  const file = path.join(into, `${trace.pid}.json`)
  try {
    writeFileSync(`${file}.tmp`, JSON.stringify(trace))
    renameSync(`${file}.tmp`, file)
  } catch {
    // Whoever waits for it says that it did not come.
  }
}
