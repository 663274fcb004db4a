/** Sends jobs and waits until they are finished. Usage: node produce.js [--jobs 200] [--seed 1] */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { generateJobs } from './articles.js'
import { Queue } from './queue.js'

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
  },
})
const jobs = generateJobs(Number(values.seed), Number(values.jobs))
const queue = new Queue()
const before = await queue.countFinished()
for (const job of jobs) await queue.push(job)
while ((await queue.countFinished()) < before + jobs.length) await sleep(50)
console.log(`${jobs.length} jobs finished`)
await queue.close()
