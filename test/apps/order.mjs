// Both module systems, early and late.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import './late.cjs'

const require = createRequire(import.meta.url)
const server = createServer(async (request, response) => {
  if (request.url === '/late') {
    await import('./late-esm.mjs')
    require('./cycle-a.cjs')
  }
  response.end(`hello ${request.url}`)
}).listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
