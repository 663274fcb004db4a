// Starts workers and sends messages in every style.
import { once } from 'node:events'
import { createRequire, register } from 'node:module'
import path from 'node:path'
import threads, { Worker as Named } from 'node:worker_threads'

const { Worker, MessageChannel, BroadcastChannel } = createRequire(import.meta.url)(
  'worker_threads',
)
const file = path.join(import.meta.dirname, 'worker.cjs')
let started = 0
process.on('worker', () => started++)

class Own extends Worker {}
const running = []
const start = (make) => async () => {
  const worker = make()
  running.push(worker)
  await once(worker, 'message')
}
const cases = {
  destructured: start(() => new Worker(file)),
  named: start(() => new Named(file)),
  subclass: start(() => new Own(file)),
  'by URL': start(() => new threads.Worker(new URL('worker.cjs', import.meta.url))),
  'of text': start(
    () => new Worker("require('worker_threads').parentPort.postMessage(1)", { eval: true }),
  ),
  'with its output read': async () => {
    const worker = new Worker(file, { stdout: true })
    running.push(worker)
    worker.stdout.resume()
    await once(worker.stdout, 'data')
  },
}
const results = {}
for (const [name, run] of Object.entries(cases)) {
  const before = started
  const refused = await observe(run, { refuse: true })
  await new Promise((resolve) => setImmediate(resolve))
  results[name] = {
    refused: { ...refused, started: started - before },
    allowed: await observe(run),
  }
}

/** Sends twice, once refused, and tells what has arrived. */
async function sending(send, receiver) {
  const refused = await observe(() => send('refused'), { refuse: true })
  const arrived = new Promise((resolve) => receiver(resolve))
  const allowed = await observe(() => send('allowed'))
  return { refused, allowed, arrived: await arrived }
}
const [worker] = running
const { port1, port2 } = new MessageChannel()
const channel = new BroadcastChannel('news')
const listener = new BroadcastChannel('news')
const messages = {
  worker: await sending(
    (text) => worker.postMessage(text),
    (resolve) => worker.once('message', resolve),
  ),
  port: await sending(
    (text) => port1.postMessage(text),
    (resolve) => port2.once('message', resolve),
  ),
  channel: await sending(
    (text) => channel.postMessage(text),
    (resolve) => (listener.onmessage = ({ data }) => resolve(data)),
  ),
}

// Hooks run in a thread of Node's own, which is asked for every import.
register('data:text/javascript,export const resolve = (name, context, next) => next(name, context)')
const imported = await observe(async () => void (await import('./worker.cjs?again')), {
  refuse: true,
})
const isSame = {
  instance: worker instanceof Named && worker instanceof threads.Worker,
  subclass: running[2] instanceof Own && Object.getPrototypeOf(Own) === Worker,
  class: worker.constructor === Worker && Worker === Named && Worker.name === 'Worker',
}
console.log(JSON.stringify({ results, messages, imported, isSame }).replaceAll(file, 'FILE'))
process.exit()
