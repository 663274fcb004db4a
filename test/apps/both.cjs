// Two servers that are both asked something.
const http = require('node:http')

const counts = { first: 0, second: 0 }
const second = http.createServer((request, response) => {
  counts.second++
  response.end('second')
})
const first = http.createServer(async (request, response) => {
  if (request.url === '/counts') return response.end(JSON.stringify(counts))
  counts.first++
  if (request.url === '/other' && process.env.PREWARM_OUT) {
    await fetch(`http://127.0.0.1:${second.address().port}`)
  }
  response.end('first')
})
second.listen(0)
first.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${first.address().port}`)
})
