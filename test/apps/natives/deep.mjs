// Called with hardly any stack left, they do what they can or throw for want of it.
import { openNatives } from '../../../dist/runtime/natives.js'
import { calls, finish, natives } from './opened.mjs'

Error.stackTraceLimit = 0
const wrong = []
const seen = new Set()
const fresh = (text) => (0, eval)(`(() => ${text})()`)

function attempt(call) {
  try {
    return call()
  } catch (error) {
    if (/stack/i.test(error.message)) seen.add('out of stack')
    else wrong.push(String(error))
    return undefined
  }
}

let frames = 0
function descend(room, use) {
  // Frames of another size end elsewhere.
  const used = Array(room % 7).fill(room)
  try {
    return descend(room + 1, use) + used.length
  } catch (error) {
    // There is a little more stack in each frame.
    if (frames-- > 0 && frames % 32 === 0) use()
    throw error
  }
}
const whereTheStackEnds = (use) => {
  for (let room = 0; room < 7; room++) {
    frames = 1500
    attempt(() => descend(room, use))
  }
}

const called = fresh('(a) => a + 1')
called(1)
const body = `${'['.repeat(200)}a${']'.repeat(200)}`
const uncalled = Array.from({ length: 400 }, (_, index) => fresh(`(a) => [${index}, ${body}]`))
whereTheStackEnds(() => {
  for (const fn of [called, uncalled.pop()]) {
    for (const call of Object.values(calls)) attempt(() => call(fn))
  }
  if (attempt(() => natives.prepare(called)) === true) seen.add('prepared')
  if (attempt(() => natives.prepare(uncalled[0])) === false) seen.add('refused')
})
whereTheStackEnds(() => attempt(openNatives))

finish({ wrong, seen: [...seen].sort() })
