import { serve } from '@hono/node-server'
import { createApp } from './app.js'

// On shutdown, what is still open after this is cut off: slow answers, connections that never asked.
const shutdownGraceMs = 1000

const app = createApp()
const port = Number(process.env.PORT ?? 3000)
const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) => {
  process.stdout.write(`timetable listening on http://127.0.0.1:${address.port}\n`)
})

function shutDown() {
  // Closes idle keep-alive connections too; the process ends when nothing is left to do.
  server.close()
  setTimeout(() => server.closeAllConnections(), shutdownGraceMs).unref()
}
process.once('SIGTERM', shutDown)
process.once('SIGINT', shutDown)
