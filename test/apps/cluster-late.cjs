// The worker listens first, and says later what it does with requests. A client knocks from the beginning.
const cluster = require('node:cluster')
const http = require('node:http')

const port = Number(process.env.PORT)
if (cluster.isPrimary) {
  const worker = cluster.fork()
  worker.once('exit', (code) => process.exit(code))
  process.once('SIGTERM', () => worker.kill())
  const knock = () => {
    http
      .get({ port, agent: false }, (response) => {
        response.resume()
        console.log(`listening on http://127.0.0.1:${port}`)
      })
      .on('error', () => setTimeout(knock, 20))
  }
  knock()
} else {
  const server = http.createServer()
  server.listen(port)
  server.on('request', (request, response) => response.end('ok'))
}
