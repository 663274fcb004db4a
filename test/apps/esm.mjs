// ES modules all the way, with a top-level await before listening and a module that is imported late.
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

await delay(10)
const server = createServer(async (request, response) => {
  if (request.url === '/late') await import('./late-esm.mjs')
  response.end(`hello ${request.url}`)
}).listen(Number(process.env.PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
