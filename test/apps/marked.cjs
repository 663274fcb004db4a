// Asks of every request whether it is rehearsed, by the header and by the async context.
const http = require('node:http')

const header = process.env.NAME
const seen = []
const server = http.createServer((request, response) => {
  const prewarm = globalThis[Symbol.for('prewarm')]
  const isContext = prewarm?.isRehearsal() === true
  const isMarked = prewarm?.isRehearsal(request) === true
  if (isContext) seen.push({ isMarked, value: request.headers[header] })
  response.end(JSON.stringify({ isContext, isMarked, seen }))
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
