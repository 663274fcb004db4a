'use strict'
// Answers some requests otherwise when they come a second time, as in the trial at the end of a recording.
const { createServer } = require('node:http')

const asked = new Set()
const server = createServer((request, response) => {
  const isAgain = asked.has(request.url)
  asked.add(request.url)
  if (request.url.startsWith('/silent') && isAgain) console.log('silent')
  else if (request.url === '/account' && request.headers.authorization === undefined) {
    response.writeHead(401).end()
  } else if (request.url === '/broken' && isAgain) throw new Error('only once')
  else if (request.url === '/listen') {
    const other = createServer().listen(0, '127.0.0.1', () => {
      other.close()
      response.end('ok')
    })
  } else response.end('ok')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => {
  console.log('closing')
  server.close()
  server.closeAllConnections()
})
