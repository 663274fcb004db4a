// The natives of this thread and those of its workers, at the same time; one worker is stopped in the middle.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { calls, finish, natives } from './opened.mjs'

const sweep = new URL('sweep.mjs', import.meta.url)
const wrong = []

const first = new Worker(sweep, { stdout: true })
let code
first.on('exit', (exitCode) => (code = exitCode))
await once(first, 'online')
// Flags are those of the process: they are as they were only once the worker has its natives.
const output = once(first.stdout, 'data')
while (code === undefined) {
  const fn = new Function('a', `return a + ${wrong.length} + 1`)
  for (let time = 0; time < 50; time++) if (fn(time) !== time + 1) wrong.push(time)
  for (const call of Object.values(calls)) call(fn)
  if (natives.tierOf(fn) === undefined) wrong.push('tierOf')
  await new Promise((resolve) => setTimeout(resolve, 1))
}
const [result] = await output

const second = new Worker(sweep, { stdout: true })
await once(second, 'online')
await new Promise((resolve) => setTimeout(resolve, 300))
await second.terminate()

finish({ wrong, code, worker: JSON.parse(String(result)) })
