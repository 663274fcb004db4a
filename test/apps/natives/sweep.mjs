// Every native on every kind of value, in every order, between calls of the function; then at random.
import { createRequire } from 'node:module'
import { isDeepStrictEqual } from 'node:util'
import { calls, finish, natives } from './opened.mjs'

const kinds = createRequire(import.meta.url)('./zoo.cjs')
const names = Object.keys(calls)
const wrong = []
const prepared = []

function check({ name, use }, value, expected) {
  if (use === undefined || isDeepStrictEqual(use(value), expected)) return
  wrong.push(name)
}

function orders(all) {
  if (all.length < 2) return [all]
  return all.flatMap((first) =>
    orders(all.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  )
}

// Asked before anything has been called, so that nothing is compiled yet.
for (const kind of kinds) {
  const value = kind.make()
  for (const name of names) calls[name](value)
}

const expected = new Map(kinds.map(({ name, make, use }) => [name, use?.(make())]))
for (const kind of kinds) {
  for (const order of orders(['prepare', 'maglev', 'turbofan', 'deoptimize'])) {
    const value = kind.make()
    check(kind, value, expected.get(kind.name))
    for (const name of order) {
      calls[name](value)
      calls.tierOf(value)
      calls.isPending(value)
      check(kind, value, expected.get(kind.name))
    }
  }
  const value = kind.make()
  check(kind, value, expected.get(kind.name))
  if (natives.prepare(value)) prepared.push(kind.name)
}

/** On the stack several times over while it is handled. */
function executing(depth) {
  for (const name of names) calls[name](executing)
  return depth === 0 ? 0 : executing(depth - 1) + 1
}
for (let time = 0; time < 20; time++) if (executing(5) !== 5) wrong.push('executing')

let seed = Number(process.env.SEED)
const random = (below) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * below)
}
const living = kinds.map((kind) => [kind, kind.make()])
for (let step = 0; step < Number(process.env.STEPS); step++) {
  const [kind, value] = living[random(living.length)]
  const action = random(names.length + 4)
  if (action < names.length) calls[names[action]](value)
  else check(kind, value, expected.get(kind.name))
  // What is compiled in the background is installed in between.
  if (step % 1000 === 0) await new Promise((resolve) => setTimeout(resolve, 1))
}

finish({ wrong, prepared })
