/**
 * Preloaded into a service of which it is to be known what it calls: once an HTTP server has listened for
 * `PREWARM_EXPLAIN_OBSERVE` ms, V8's counts are written to `NODE_V8_COVERAGE`, and then a file that says so to `PREWARM_EXPLAIN`.
 */
import diagnosticsChannel from 'node:diagnostics_channel'
import { writeFileSync } from 'node:fs'
import type { Server } from 'node:net'
import path from 'node:path'
import v8 from 'node:v8'
import { isMainThread } from 'node:worker_threads'

const folder = process.env['PREWARM_EXPLAIN']
const observeMs = Number(process.env['PREWARM_EXPLAIN_OBSERVE'])

if (folder !== undefined && isMainThread) {
  const channel = 'tracing:net.server.listen:asyncEnd'
  const onListen = (message: unknown): void => {
    const { server } = message as { readonly server: Server }
    if (server.listenerCount('request') === 0) return
    diagnosticsChannel.unsubscribe(channel, onListen)
    setTimeout(() => {
      try {
        v8.takeCoverage()
        writeFileSync(path.join(folder, `${process.pid}.taken`), '')
      } catch {
        // Whoever waits for it says that it did not come.
      }
    }, observeMs).unref()
  }
  diagnosticsChannel.subscribe(channel, onListen)
}
