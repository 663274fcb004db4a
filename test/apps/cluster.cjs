const cluster = require('node:cluster')
const http = require('node:http')

if (cluster.isPrimary) {
  for (let worker = 0; worker < 2; worker++) cluster.fork()
  let listening = 0
  cluster.on('listening', (worker, { port }) => {
    if (++listening === 2) console.log(`listening on http://127.0.0.1:${port}`)
  })
  process.on('SIGTERM', () => {
    let left = 2
    for (const worker of Object.values(cluster.workers)) {
      worker.once('exit', () => {
        if (--left === 0) process.exit(0)
      })
      worker.process.kill('SIGTERM')
    }
  })
} else {
  http
    .createServer((request, response) => response.end(String(process.pid)))
    .listen(Number(process.env.PORT))
  process.on('SIGTERM', () => process.exit(0))
}
