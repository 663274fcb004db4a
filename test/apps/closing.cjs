// Closes the connection after each answer.
const http = require('node:http')

const server = http.createServer((request, response) => {
  response.setHeader('connection', 'close')
  response.end('served')
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
