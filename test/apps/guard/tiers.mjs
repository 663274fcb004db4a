// The tier watch on real functions: says as JSON what it sees of them before, while and after real shapes come.
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const built = (file) => import(pathToFileURL(path.join(process.env.DIST, file)).href)
const { openNatives } = await built('runtime/natives.js')
const { TierWatch } = await built('replayer/guard/tier-watch.js')

const natives = openNatives()
const tier = natives.tiers.has('maglev') ? 'maglev' : 'turbofan'
const make = (name) =>
  new Function('o', `/* ${name} */ let s = 0; for (let i = 0; i < 20; i++) s += o.a + i; return s`)
const rank = (fn) => ({ maglev: 1, turbofan: 2 })[natives.tierOf(fn)] ?? 0

/** V8 gets there by itself as soon as it is called often enough. */
async function callUntilOptimised(fn, shape) {
  for (let round = 0; round < 2000 && rank(fn) === 0; round++) {
    for (let call = 0; call < 200; call++) fn(shape())
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return rank(fn) > 0
}

const shapes = [
  () => ({ a: 1 }),
  () => ({ b: 0, a: 1 }),
  () => ({ c: 0, d: 0, a: 1.5 }),
  () => ({ e: 0, f: 0, g: 0, a: 'x' }),
]
const functions = Array.from({ length: 20 }, (_, index) => make(`f${index}`))
for (const fn of functions) await callUntilOptimised(fn, shapes[0])
const watched = functions.map((fn, index) => ({
  name: `app.js:${index} f${index}`,
  sourceHash: String(index % 19).padStart(64, 'a'),
  tier: natives.tierOf(fn),
  ref: new WeakRef(fn),
}))
const low = {
  name: 'low',
  sourceHash: 'b'.repeat(64),
  tier: 'sparkplug',
  ref: new WeakRef(make('low')),
}
const watch = new TierWatch([...watched, low], natives)
const said = { tier, optimised: functions.filter((fn) => rank(fn) > 0).length }

const fall = (fn, shape) => {
  for (let call = 0; call < 10; call++) fn(shape())
}
said.quiet = watch.poll(true).length
fall(functions[0], shapes[1])
said.uncounted = [watch.poll(false).length, watch.counts().falls]
await callUntilOptimised(functions[0], shapes[1])
watch.poll(true)

for (const fn of functions.slice(0, 4)) fall(fn, shapes[2])
said.first = [watch.poll(true).length, watch.counts().falls, watch.areTooManyFallen]
for (const fn of functions.slice(0, 4)) await callUntilOptimised(fn, shapes[2])
watch.poll(true)
fall(functions[0], shapes[3])
fall(functions[4], shapes[3])
said.second = [
  watch.poll(true).map(({ name }) => name),
  watch.counts().falls,
  watch.areTooManyFallen,
]

watch.undo()
said.undone = [watch.counts().undone, functions.slice(5).filter((fn) => rank(fn) > 0).length]
said.again = []
for (const fn of functions.slice(5)) said.again.push(await callUntilOptimised(fn, shapes[0]))
said.again = said.again.filter(Boolean).length
said.counts = watch.counts()

const many = Array.from({ length: 500 }, (_, index) => ({ ...watched[index % 20] }))
const costly = new TierWatch(many, natives)
for (let poll = 0; poll < 200; poll++) costly.poll(true)
// Processor time: a busy machine does not count.
const start = process.cpuUsage()
for (let poll = 0; poll < 100; poll++) costly.poll(true)
said.microsEach = process.cpuUsage(start).user / 100 / 500
console.log(JSON.stringify(said))
