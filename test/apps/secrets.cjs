// Takes secrets in all the places where clients put them; /late loads a module, and one secret comes from a file of settings.
const http = require('node:http')

process.env.LATE_TOKEN = process.env.LATE
delete process.env.API_TOKEN

const server = http.createServer((request, response) => {
  if (request.url === '/late') require('./late.cjs')
  if (request.headers['x-answer-cookie']) {
    response.setHeader('set-cookie', request.headers['x-answer-cookie'])
  }
  request.resume().on('end', () => response.end(request.url === '/late' ? 'late' : 'ok'))
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', () => {
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
