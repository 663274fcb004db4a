// Ends on SIGTERM by itself, or by its own listener. Tells its address when it is rehearsed, or else when it listens.
const http = require('node:http')

let isRehearsed = false
const server = http.createServer((request, response) => {
  if (!isRehearsed && globalThis[Symbol.for('prewarm')]?.isRehearsal()) {
    isRehearsed = true
    console.log(`rehearsing for http://127.0.0.1:${server.address().port}`)
  }
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
