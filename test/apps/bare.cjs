// node:http and nothing else; /late loads a module only when it is asked for.
const http = require('node:http')

const server = http.createServer((request, response) => {
  if (request.url === '/late') require('./late.cjs')
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ url: request.url, node: process.version }))
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
