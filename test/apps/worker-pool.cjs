// A pool of worker threads behind a server; each loads modules of its own.
const http = require('node:http')
const path = require('node:path')
const { Worker } = require('node:worker_threads')

const file = path.join(__dirname, 'worker-pool', 'worker.cjs')
const workers = [new Worker(file), new Worker(file, { env: process.env, execArgv: [] })]
const waiting = new Map()
let next = 0
for (const worker of workers) {
  worker.on('message', ({ id, ...result }) => {
    waiting.get(id)(result)
    waiting.delete(id)
  })
}

function work(n) {
  return new Promise((resolve) => {
    const id = next++
    waiting.set(id, resolve)
    workers[id % workers.length].postMessage({ id, n })
  })
}

const server = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const result = pathname === '/sum' ? await work(Number(searchParams.get('n'))) : { pathname }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify(result))
})
server.listen(Number(process.env.PORT), () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
process.on('SIGTERM', async () => {
  await Promise.all(workers.map((worker) => worker.terminate()))
  server.close(() => process.exit(0))
  server.closeAllConnections()
})
