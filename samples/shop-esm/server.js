import catalogues from 'prewarm-sample-shop/catalogue/index.js'
import { createApp } from './app.js'

// On shutdown, what is still open after this is cut off: slow answers, connections that never asked.
const shutdownGraceMs = 1000

const catalogue = await catalogues.openCatalogue()
const server = createApp(catalogue).listen(Number(process.env.PORT ?? 3000), (error) => {
  if (error) throw error
  process.stdout.write(`shop listening on http://127.0.0.1:${server.address().port}\n`)
})

function shutDown() {
  // Closes idle keep-alive connections too; the process ends when nothing is left to do.
  server.close(() => catalogue.close())
  setTimeout(() => server.closeAllConnections(), shutdownGraceMs).unref()
}
process.once('SIGTERM', shutDown)
process.once('SIGINT', shutDown)
