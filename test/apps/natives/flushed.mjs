// For `--expose-gc --stress-flush-code`: what bytecode is not in use is thrown away, but not that of the natives.
import { setTimeout as delay } from 'node:timers/promises'
import { calls, finish, natives } from './opened.mjs'

const fresh = (name) => {
  const fn = new Function('a', `return a /* ${name} */ + 1`)
  fn(1)
  return fn
}
const idle = fresh('idle')
const prepared = fresh('prepared')
natives.prepare(prepared)
const twice = fresh('twice')
natives.prepare(twice)
natives.optimize(twice, 'turbofan')

for (let round = 0; round < 10; round++) {
  gc()
  await delay(1)
}
const flushed = !natives.prepare(idle)
for (const fn of [idle, prepared, twice]) for (const call of Object.values(calls)) call(fn)
const results = [idle, prepared, twice].map((fn) => fn(1))
const again = [idle, prepared, twice].map((fn) => natives.prepare(fn))
finish({ flushed, results, again, located: natives.locate(idle) !== undefined })
