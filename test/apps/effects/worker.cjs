// What workers.mjs starts: it answers everything, and prints more than a stream buffers.
const { parentPort } = require('node:worker_threads')

if (parentPort) {
  parentPort.on('message', (message) => parentPort.postMessage(message))
  console.log('')
  parentPort.postMessage('ready')
}
