// As Next.js does it: requests wait for handlers that are made once the server listens.
const http = require('node:http')

let made
const handlers = new Promise((resolve) => (made = resolve))
let count = 0

const server = http.createServer(async (request, response) => {
  const handle = await handlers
  handle(response)
})
server.on('listening', () => {
  count++
  console.log(`listening ${count} on http://127.0.0.1:${server.address().port}`)
  setTimeout(() => made((response) => response.end(`told ${count} times\n`)), 20)
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1')
process.on('SIGTERM', () => {
  server.closeAllConnections()
  server.close()
})
