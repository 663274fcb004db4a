// Modules that are loaded late: one waits for ever at its top level, one ends the process.
import { createServer } from 'node:http'

const server = createServer(async (request, response) => {
  if (request.url === '/endless') await import('./late-endless.mjs')
  if (request.url === '/exit') await import('./late-exit.mjs')
  response.end('served')
}).listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
