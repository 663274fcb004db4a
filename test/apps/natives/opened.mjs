// The natives of this thread, and how an app ends that used them.
import v8 from 'node:v8'
import { openNatives } from '../../../dist/runtime/natives.js'

const tag = v8.cachedDataVersionTag()
export const natives = openNatives()

/** Every way to call them, by name. */
export const calls = {
  locate: (value) => natives.locate(value),
  scriptOf: (value) => natives.scriptOf(value),
  tierOf: (value) => natives.tierOf(value),
  isPending: (value) => natives.isPending(value),
  prepare: (value) => natives.prepare(value),
  maglev: (value) => natives.optimize(value, 'maglev'),
  turbofan: (value) => natives.optimize(value, 'turbofan'),
  deoptimize: (value) => natives.deoptimize(value),
}

/** Prints the result, and whether the V8 flags are as they were. */
export function finish(result = {}) {
  const flags = v8.cachedDataVersionTag() === tag ? 'same' : 'changed'
  console.log(JSON.stringify({ wrong: [], ...result, flags }))
}
