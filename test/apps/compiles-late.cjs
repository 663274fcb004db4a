// Compiles a module in the middle of a rehearsal: staging never did, so that it is not loaded before.
const http = require('node:http')

let rehearsed = 0
const server = http.createServer((request, response) => {
  if (globalThis[Symbol.for('prewarm')]?.isRehearsal() && ++rehearsed === 30) {
    require('./compiled-late.cjs')
  }
  response.end('fine\n')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
// Node writes its compile cache when a process ends by itself.
process.on('SIGTERM', () => process.exit(0))
