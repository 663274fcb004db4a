// A job that runs and ends: no port. Prints what happened to it as JSON.
import { appendFileSync } from 'node:fs'
import { isRehearsal, recordable, register, rehearse, status, whenReady } from '../../dist/index.js'

const trouble = process.env.TROUBLE
const counts = { rehearsed: 0, real: 0 }
async function addAll(job, ...rest) {
  counts[isRehearsal() ? 'rehearsed' : 'real']++
  await null
  if (process.env.WRITES)
    appendFileSync(process.env.WRITES, isRehearsal() ? 'rehearsed\n' : 'real\n')
  job.items.push(0)
  if (isRehearsal()) {
    if (trouble === 'exit') process.exit(9)
    if (trouble === 'throw') throw new Error('only in a rehearsal')
    if (trouble === 'behind') setTimeout(() => Promise.reject(new Error('behind')), 1)
    if (trouble === 'hang') await new Promise(() => undefined)
  }
  if (job.items.includes('bad')) throw new Error('bad')
  return job.items.length + rest.length
}
const add = recordable('add', addAll)
const sizes = recordable('sizes', (job) => job.list.length, {
  serialize: ([job]) => job.list,
  deserialize: (list) => [new Job(list)],
})
class Job {
  constructor(list) {
    this.list = list
  }
}

const hooks = []
const resource = {
  name: 'cache',
  beforeRehearsal() {
    hooks.push(`before ${counts.rehearsed}`)
    if (trouble === 'resource') throw new Error('not ready')
  },
  afterRehearsal: () => hooks.push(`after ${counts.rehearsed}`),
}
register(resource)
const before = status().state
const result = await rehearse('add', add)
const during = status().state
const second = await rehearse('sizes', sizes)
const ready = await whenReady()

const outcomes = []
for (let id = 0; id < 5; id++) outcomes.push(await add({ id, items: [id] }, undefined, new Date(0)))
outcomes.push(await add({ id: 5, items: ['bad'] }).catch((error) => error.message))
outcomes.push(sizes(new Job([1, 2, 3])))
const isItself = add === addAll
console.log(
  JSON.stringify({
    before,
    result,
    during,
    second,
    ready: ready.state,
    outcomes,
    counts,
    hooks,
    isItself,
  }),
)
process.exitCode = 5
