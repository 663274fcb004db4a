// A plain function goes up when it is told to, comes down when it is told to, and then goes up by itself.
import { setTimeout as delay } from 'node:timers/promises'
import { finish, natives } from './opened.mjs'

const wrong = []
const expect = (what, holds) => {
  if (!holds) wrong.push(what)
}
const isOptimised = (fn) => ['maglev', 'turbofan'].includes(natives.tierOf(fn))
const call = (fn, times) => {
  for (let time = 0; time < times; time++) expect('result', fn(time) === time + 1)
}
/** Its background work is done while this thread waits, and comes in with the next call. */
const until = async (fn, times, holds) => {
  while (!holds()) {
    call(fn, times)
    await delay(1)
  }
}

// With several functions known to it, the call is not inlined, and a function that is inlined does not go up.
for (const other of [(a) => a + 1, (a) => 1 + a, (a) => a - -1]) call(other, 10)

for (const tier of ['maglev', 'turbofan'].filter((tier) => natives.tiers.has(tier))) {
  const fn = new Function('a', `return /* ${tier} */ a + 1`)
  expect('not before it was called', !natives.prepare(eval(`(() => a => a + 1)()`)))
  call(fn, 20)
  expect('not before it is prepared', !natives.optimize(fn, tier))
  expect('prepare', natives.prepare(fn))
  call(fn, 20)
  for (let round = 0; round < 3; round++) {
    expect('optimize', natives.optimize(fn, tier))
    expect('pending before the call', natives.isPending(fn) || natives.tierOf(fn) === tier)
    call(fn, 1)
    expect('pending after the call', natives.isPending(fn) || natives.tierOf(fn) === tier)
    await until(fn, 1, () => natives.tierOf(fn) === tier)
    expect('not pending any more', !natives.isPending(fn))
    expect('deoptimize', natives.deoptimize(fn))
    expect('not optimised any more', !isOptimised(fn))
    call(fn, 1)
  }
  // Node 26 leaves what was prepared to the natives alone when they are open to everybody.
  if (process.env.BY_ITSELF) await until(fn, 5000, () => isOptimised(fn))

  const another = new Function('a', `return /* also ${tier} */ a + 1`)
  call(another, 1)
  expect('prepare another', natives.prepare(another))
  if (process.env.BY_ITSELF) await until(another, 5000, () => isOptimised(another))
}

finish({ wrong, tiers: [...natives.tiers] })
