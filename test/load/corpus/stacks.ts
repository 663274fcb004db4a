import type { Files } from '../files.ts'
import type { Topic } from './topic.ts'

const depth = 14

/** A chain of modules that is longer than stack traces are. */
const chain: Files = Object.fromEntries(
  Array.from({ length: depth }, (_, at) => [
    `stacks/chain-${at}.js`,
    at === depth - 1
      ? `exports.stack = new Error('the end').stack\nsee('frames: the end', new Error('of the chain'))\n`
      : `module.exports = require('./chain-${at + 1}.js')\n`,
  ]),
)

/** Code that reads who has called it: depd, caller, callsites, parent-module. What comes of that is named `frames: `. */
export const stacks: Topic = {
  name: 'stacks',
  files: {
    ...chain,
    'stacks/callsites.js': `
module.exports = function callsites() {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 30
    Error.prepareStackTrace = (_, stack) => stack
    const holder = {}
    Error.captureStackTrace(holder, callsites)
    return holder.stack
  } finally {
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = stackTraceLimit
  }
}
`,
    'stacks/who.js': `
const callsites = require('./callsites')
const described = () => callsites().map((site) => ({
  file: site.getFileName(), name: site.getFunctionName(), type: site.getTypeName(), method: site.getMethodName(), isEval: site.isEval(),
  isTop: site.isToplevel(), isConstructor: site.isConstructor(), isAsync: site.isAsync(), origin: site.getEvalOrigin(), self: typeof site.getThis(),
  ...(String(site.getFileName()).startsWith('node:') ? {} : { line: site.getLineNumber(), column: site.getColumnNumber() }),
}))
see('frames: who asks', described())
exports.caller = () => callsites()[1].getFileName()
exports.parent = () => callsites().map((site) => site.getFileName()).find((file) => file !== __filename && file !== null && !file.includes('callsites'))
exports.describe = described
`,
    'stacks/depd.js': `
/** The first frame that is not of this file, and the frames above it. */
module.exports = function deprecate() {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = Math.max(10, limit)
  const stack = new Error('deprecated').stack.split('\\n').slice(1)
  Error.stackTraceLimit = limit
  return stack
}
`,
    'stacks/asks.js': `
const who = require('./who')
exports.caller = who.caller()
exports.parent = who.parent()
exports.stack = require('./depd')()
`,
    'stacks/asks.mjs': `
import who from './who.js'
import depd from './depd.js'
export const caller = (() => who.caller())()
export const parent = who.parent()
export const stack = depd()
`,
    'stacks/limited.js': `
for (const limit of [0, 1, 2, 5, 100]) {
  Error.stackTraceLimit = limit
  see('frames: limit ' + limit, new Error('limited'))
}
Error.stackTraceLimit = 10
`,
    'stacks/prepared.js': `
const before = Error.prepareStackTrace
Error.prepareStackTrace = (error, frames) => error + ' of ' + frames.length + '\\n' + frames.map((frame) => '    at ' + frame).join('\\n')
see('frames: prepared', new Error('prepared'))
attempt('frames: prepared, of the loader', () => require('./none'))
Error.prepareStackTrace = before
exports.depth = function depth(n) { return n === 0 ? new Error('deep').stack.split('\\n').length : depth(n - 1) }
`,
    'stacks/async.js': `
exports.fail = async function fail() { await null; throw new Error('after an await') }
exports.timer = () => new Promise((resolve) => setTimeout(() => resolve(new Error('of a timer')), 1))
`,
    'stacks/index.cjs': `
require('./chain-0.js')
require('./limited.js')
const { depth } = require('./prepared.js')
attempt('frames: asks', () => require('./asks.js'))
Error.stackTraceLimit = 50
see('frames: the whole stack', new Error('whole'))
attempt('frames: a long chain', () => {
  for (const key of Object.keys(require.cache)) if (key.includes('stacks/chain')) delete require.cache[key]
  return require('./chain-0.js').stack.split('\\n')
})
Error.stackTraceLimit = 10
see('depth', [depth(0), depth(3), depth(20)])
const who = require('./who')
later('frames: who asks later', () => who.describe())
later('frames: stack later', () => new Error('later'))
const { fail, timer } = require('./async')
see('started', [typeof fail, typeof timer])
module.exports = Promise.all([attempt('frames: async', fail), attempt('frames: timer', timer)])
`,
    'stacks/index.mjs': `
import * as asks from './asks.mjs'
import pending from './index.cjs'
see('frames: asks', asks)
await pending
Error.stackTraceLimit = 50
see('frames: the whole stack', new Error('whole'))
await 0
see('frames: after an await', new Error('whole'))
Error.stackTraceLimit = 10
`,
  },
  load: ['stacks/index.cjs', 'stacks/index.mjs'],
}
