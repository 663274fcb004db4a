// A handler that outlives its client, and then has nothing to answer to: with LINGER=1 it waits for GET /release.
const http = require('node:http')
const { setTimeout: sleep } = require('node:timers/promises')

const counts = { rehearsed: 0, real: 0 }
let release
const released = new Promise((resolve) => (release = resolve))
const server = http.createServer(async (request, response) => {
  if (request.url === '/count') return response.end(JSON.stringify(counts))
  if (request.url === '/release') {
    release()
    return response.end()
  }
  // A rehearsal waits three times as long as staging did.
  await (process.env.LINGER ? released : sleep(1000))
  counts[globalThis[Symbol.for('prewarm')]?.isRehearsal() ? 'rehearsed' : 'real']++
  if (response.socket.destroyed) throw new Error('the client is gone')
  response.end('ok')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
