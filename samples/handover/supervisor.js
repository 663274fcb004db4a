'use strict'

const cluster = require('node:cluster')
const { once } = require('node:events')
const path = require('node:path')

// SIGHUP starts a new server.js; once that is open, the old one is told to end. SIGTERM ends it all.
//
// The workers accept for themselves, from one listening socket that this process keeps between them: a connection that
// nobody has accepted yet stays in its queue, whoever goes.
cluster.schedulingPolicy = cluster.SCHED_NONE
cluster.setupPrimary({ exec: path.join(__dirname, 'server.js') })

let serving
let isEnding = false
let turn = restart()

process.on('SIGHUP', () => {
  turn = turn.then(restart)
})
process.once('SIGTERM', endAll)
process.once('SIGINT', endAll)

async function restart() {
  if (isEnding) return
  const worker = cluster.fork()
  worker.once('exit', (code, signal) => {
    process.stdout.write(`${worker.process.pid} has ended with ${code ?? signal}\n`)
    // Nobody serves any more, and this process ends too; whoever has started it is to know why.
    if (worker === serving && !isEnding) process.exitCode = 1
  })
  const isOpen = await Promise.race([
    once(worker, 'listening').then(() => true),
    once(worker, 'exit').then(() => false),
  ])
  if (isOpen) {
    const old = serving
    serving = worker
    if (old !== undefined) end(old)
  } else if (serving === undefined) process.exitCode = 1
}

function endAll() {
  isEnding = true
  for (const worker of Object.values(cluster.workers)) end(worker)
}

function end(worker) {
  worker.process.kill('SIGTERM')
  // The channel between the two would keep it.
  worker.disconnect()
}
