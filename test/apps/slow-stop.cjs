// Ends on SIGTERM by itself, or by its own listener.
const http = require('node:http')

const server = http.createServer((request, response) => {
  if (globalThis[Symbol.for('prewarm')]?.isRehearsal()) console.log('rehearsing')
  response.end('served')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
if (process.env.HANDLER) {
  process.on('SIGTERM', () => {
    server.close(() => process.exit(0))
  })
}
