// A handler that outlives its client, and then has nothing to answer to.
const http = require('node:http')

let real = 0
const server = http.createServer(async (request, response) => {
  if (request.url === '/count') return response.end(`${real} real`)
  if (process.env.LINGER) await new Promise((resolve) => setTimeout(resolve, 900))
  if (!globalThis[Symbol.for('prewarm')]?.isRehearsal()) real++
  if (response.socket.destroyed) throw new Error('the client is gone')
  response.end('ok')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
