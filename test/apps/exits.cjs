// Ends by itself, with an exit code of its own.
const http = require('node:http')

const server = http.createServer((request, response) => {
  response.end('served', () => {
    if (request.url === '/exit') process.exit(3)
    if (request.url === '/kill') process.kill(process.pid, 'SIGKILL')
  })
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
