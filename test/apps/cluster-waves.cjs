// Four workers that want to listen at the same time.
const cluster = require('node:cluster')
const http = require('node:http')

const count = 4
if (cluster.isPrimary) {
  for (let worker = 0; worker < count; worker++) cluster.fork()
  let listening = 0
  cluster.on('listening', (worker, { port }) => {
    if (++listening === count) console.log(`listening on http://127.0.0.1:${port}`)
  })
  process.on('SIGTERM', () => {
    let left = count
    for (const worker of Object.values(cluster.workers)) {
      worker.once('exit', () => {
        if (--left === 0) process.exit(0)
      })
      worker.process.kill('SIGTERM')
    }
  })
} else {
  http
    .createServer((request, response) => response.end(`hello from ${request.url}`))
    .listen(Number(process.env.PORT))
  process.on('SIGTERM', () => process.exit(0))
}
