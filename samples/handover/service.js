'use strict'

const http = require('node:http')

// What has not ended by then is cut off: slow answers, connections that never asked.
const shutdownGraceMs = 5000
const drainMs = 1000

/** An HTTP server that, once it is told to end, answers what it has accepted; then nothing keeps the process. */
function createService() {
  let resourcesAtOpening
  const server = http.createServer((request, response) => {
    // A client that keeps its connection learns that it has to open another one for its next request.
    if (!server.listening) response.setHeader('connection', 'close')
    const { pathname } = new URL(request.url, 'http://service')
    const [, name, argument] = pathname.split('/')
    if (name === 'primes') return answer(response, 200, primesBelow(Number(argument)))
    if (name === 'words') return answer(response, 200, countWords(decodeURIComponent(argument)))
    if (name === 'process') return answerWithProcess(response)
    answer(response, 404, { error: 'not found' })
  })
  server.on('listening', () => {
    resourcesAtOpening = process.getActiveResourcesInfo()
  })
  process.once('SIGTERM', shutDown)
  process.once('SIGINT', shutDown)
  return server

  /** For whoever operates it: who answers, and what keeps that process. */
  function answerWithProcess(response) {
    server.getConnections((_error, connections) => {
      const resources = process.getActiveResourcesInfo()
      answer(response, 200, { pid: process.pid, connections, resources, resourcesAtOpening })
    })
  }

  function shutDown() {
    whenQueueIsEmpty(server, () => server.close())
    setTimeout(() => server.closeAllConnections(), shutdownGraceMs).unref()
  }
}

/**
 * Closing a socket resets the connections that wait in its queue, unless another process has the same socket. So they are
 * accepted first: the queue is empty when a turn of the event loop has brought none.
 */
function whenQueueIsEmpty(server, done) {
  const deadline = performance.now() + drainMs
  let isEmpty = false
  const onConnection = () => {
    isEmpty = false
  }
  const onTurn = () => {
    if (isEmpty || performance.now() > deadline) {
      server.off('connection', onConnection)
      done()
      return
    }
    isEmpty = true
    setImmediate(onTurn)
  }
  server.on('connection', onConnection)
  setImmediate(onTurn)
}

function answer(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

function primesBelow(limit) {
  const primes = []
  for (let number = 2; number < Math.min(limit, 10_000); number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number)
  }
  return primes
}

function countWords(text = '') {
  const counts = new Map()
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return Object.fromEntries(counts)
}

module.exports = { createService }
