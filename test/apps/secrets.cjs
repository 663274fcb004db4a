// Takes secrets in all the places where clients put them.
const http = require('node:http')

const server = http.createServer((request, response) => {
  request.resume().on('end', () => response.end('ok'))
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
