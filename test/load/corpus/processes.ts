import type { Topic } from './topic.ts'

/** Threads and processes of the application, which load modules of their own. */
export const processes: Topic = {
  name: 'processes',
  files: {
    'processes/shared.js': `
const { isMainThread, threadId } = require('worker_threads')
module.exports = { isMainThread, has: typeof globalThis.see, main: require.main?.filename, parent: module.parent?.id, stack: new Error('shared').stack.split('\\n') }
`,
    'processes/worker.js': `
const { parentPort, workerData } = require('worker_threads')
import('./worker-part.mjs').then(({ part }) => parentPort.postMessage({
  shared: require('./shared'), part, workerData, dual: require('dual/package.json').name, keys: Object.keys(require.cache).filter((key) => key.startsWith(require('path').dirname(__dirname))), isMain: require.main === module,
}))
`,
    'processes/worker-part.mjs': `
import shared from './shared.js'
export const part = { shared: shared.isMainThread, url: import.meta.url, workspace: (await import('versioned')).default.version }
`,
    'processes/worker.mjs': `
import { parentPort } from 'node:worker_threads'
import { part } from './worker-part.mjs'
parentPort.postMessage({ part, url: import.meta.url })
`,
    'processes/child.js': `
const shared = require('./shared')
import('./worker-part.mjs').then(({ part }) => console.log(JSON.stringify({ shared, part, keys: Object.keys(require.cache).filter((key) => key.startsWith(require('path').dirname(__dirname))) })))
`,
    'processes/index.mjs': `
globalThis.see ??= () => undefined
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
const file = (name) => new URL(name, import.meta.url)
for (const [name, options] of [['worker.js', { workerData: 'data' }], ['worker.mjs', {}], ['worker.js', { env: {}, execArgv: [] }]]) {
  await attempt(name + ' ' + JSON.stringify(options), async () => {
    const worker = new Worker(file(name), options)
    const [message] = await once(worker, 'message')
    await worker.terminate()
    return message
  })
}
await attempt('evaluated', async () => {
  const worker = new Worker("require('worker_threads').parentPort.postMessage([__filename, module.paths[0] !== undefined, typeof require('fs')])", { eval: true })
  const [message] = await once(worker, 'message')
  await worker.terminate()
  return message
})
await attempt('a child', async () => JSON.parse((await promisify(execFile)(process.execPath, [file('child.js').pathname])).stdout))
await attempt('a fork', async () => {
  const child = fork(file('child.js'), { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] })
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  await once(child, 'close')
  return JSON.parse(text)
})
`,
  },
  load: ['processes/index.mjs'],
}
