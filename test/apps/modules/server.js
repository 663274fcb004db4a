/** ES modules with a cycle, a top-level await and a late one, around CommonJS, JSON and createRequire. */
import http from 'node:http'
import { createRequire } from 'node:module'
import { total } from './cart.js'
import rates from './rates.cjs'

const names = createRequire(import.meta.url)('./names.json')
await new Promise((resolve) => setImmediate(resolve))

const server = http.createServer(async (request, response) => {
  const url = new URL(request.url, 'http://localhost')
  const { receipt } = await import('./receipt.js')
  response.end(receipt(names[0], total(url.searchParams.getAll('price').map(Number), rates)))
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => {
  server.closeAllConnections()
  server.close()
})
