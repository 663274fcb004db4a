// With a debugger, coverage, and every function that the heap holds, which nothing but a debugger can get hold of.
import inspector from 'node:inspector'
import { calls, finish, natives } from './opened.mjs'

const session = new inspector.Session()
session.connect()
const post = (method, parameters) => {
  let answer
  session.post(method, parameters, (error, result) => {
    if (error) throw new Error(`${method}: ${error.message}`)
    answer = result
  })
  return answer
}
const all = (...values) => {
  for (const value of values) for (const call of Object.values(calls)) call(value)
}
const wrong = []

globalThis.stopped = function stopped(a) {
  return a + 1
}
globalThis.checked = function checked(a) {
  return a + 2
}
globalThis.Fields = class {
  a = 1
  #b = 2
  static {
    this.c = 3
  }
  static d = 4
  sum() {
    return this.a + this.#b
  }
}
const use = () => {
  for (let time = 0; time < 20; time++) {
    const results = [stopped(time), checked(time), new Fields().sum()]
    if (results.join() !== [time + 1, time + 2, 3].join()) wrong.push(results)
  }
}
const everywhere = () => {
  all(stopped, checked, Fields, Fields.prototype.sum)
  use()
  all(stopped, checked, Fields, Fields.prototype.sum)
}

use()
everywhere()
post('Debugger.enable')
let stops = 0
session.on('Debugger.paused', () => stops++)
const { result } = post('Runtime.evaluate', { expression: 'stopped' })
post('Debugger.setBreakpointOnFunctionCall', { objectId: result.objectId })
everywhere()
const evaluated = post('Runtime.evaluate', {
  expression: 'checked(1) + stopped(1)',
  throwOnSideEffect: true,
})
everywhere()
post('Profiler.enable')
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
everywhere()
post('Debugger.disable')
everywhere()

globalThis.take = (functions) => {
  all(...functions)
  globalThis.taken = functions.length
}
const prototype = post('Runtime.evaluate', { expression: 'Function.prototype' }).result.objectId
const { objects } = post('Runtime.queryObjects', { prototypeObjectId: prototype })
post('Runtime.callFunctionOn', {
  objectId: objects.objectId,
  functionDeclaration: 'function () { take([...this]) }',
})
everywhere()
post('Profiler.stopPreciseCoverage')
session.disconnect()
everywhere()

finish({
  wrong,
  evaluated: evaluated.result.value,
  stopped: stops > 0,
  many: globalThis.taken > 1000,
})
