// Counts its connections itself, takes one at a time, and sets timeouts for requests.
const http = require('node:http')

const timeoutMs = 300
const counts = { connections: 0, open: 0, requests: 0, timeouts: 0 }
let atOpening
let afterTimeouts

const server = http.createServer((request, response) => {
  const isRehearsal = globalThis[Symbol.for('prewarm')]?.isRehearsal() === true
  if (isRehearsal) {
    counts.requests++
    const count = () => counts.timeouts++
    request.setTimeout(timeoutMs, count)
    response.setTimeout(timeoutMs, count)
  }
  response.end(JSON.stringify({ counts, atOpening, afterTimeouts }))
})
server.requestTimeout = 1000
server.maxConnections = 1
server.on('connection', (socket) => {
  counts.connections++
  counts.open++
  socket.once('close', () => counts.open--)
})
server.listen(Number(process.env.PORT), () => {
  server.getConnections((_error, own) => {
    atOpening = { ...counts, own }
    // A timer that is set later fires later than all timeouts that a rehearsal might have left.
    setTimeout(() => {
      afterTimeouts = { timeouts: counts.timeouts }
    }, timeoutMs)
    console.log(`listening on http://127.0.0.1:${server.address().port}`)
  })
})
