import { recordable, rehearse } from 'prewarm'
import { drawThumbnail } from './draw.js'
import { Queue } from './queue.js'

// Taking a job and handing it in are left outside: in a rehearsal nobody takes or finishes anything.
const draw = recordable('draw-thumbnail', drawThumbnail)

const { applied, calls } = await rehearse('draw-thumbnail', draw)
console.log(`thumbnails: rehearsed ${calls} calls of ${applied} recorded ones`)

const queue = new Queue()
let isStopping = false
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => (isStopping = true))
console.log('thumbnails: waiting for jobs')

while (!isStopping) {
  const taken = await queue.take()
  if (taken === undefined) continue
  try {
    await queue.finish(taken, draw(taken.job))
  } catch (error) {
    await queue.fail(taken, error)
  }
}
await queue.close()
