import type { Files } from '../files.ts'

/** The part of the application that its modules report to. */
export const report: Files = {
  'report.cjs': String.raw`
'use strict'
const { types } = require('node:util')
const entries = []
const calls = []

function describe(value, depth = 0) {
  if (value === undefined) return '(undefined)'
  if (typeof value === 'function') {
    const members = depth < 2 ? membersOf(value, Object.keys(value), depth) : {}
    return { function: Function.prototype.toString.call(value), name: value.name, length: value.length, ...members }
  }
  if (typeof value === 'symbol' || typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (types.isNativeError(value)) {
    const own = membersOf(value, Object.getOwnPropertyNames(value).filter((key) => key !== 'stack'), depth)
    return { error: Object.prototype.toString.call(value), own, stack: String(value.stack).split('\n') }
  }
  if (types.isPromise(value)) return '(promise)'
  if (depth === 4) return Object.prototype.toString.call(value)
  if (Array.isArray(value)) return value.map((each) => describe(each, depth + 1))
  if (types.isModuleNamespaceObject(value)) return { namespace: membersOf(value, Object.keys(value), depth) }
  return membersOf(value, Object.keys(value), depth)
}

function membersOf(value, keys, depth) {
  const members = {}
  for (const key of keys) {
    try {
      members[key] = describe(value[key], depth + 1)
    } catch (error) {
      members[key] = 'throws ' + error
    }
  }
  return members
}

/** What a module sees, noted at once. */
globalThis.see = (name, value) => void entries.push([name, describe(value)])
/** What a function returns or throws; also of what it promises. */
globalThis.attempt = (name, action) => {
  try {
    const value = action()
    if (types.isPromise(value)) {
      return value.then((result) => see(name, result), (error) => see(name, error))
    }
    see(name, value)
  } catch (error) {
    see(name, error)
  }
}
/** Called once everything is loaded and the port is open. */
globalThis.later = (name, action) => void calls.push([name, action])
// They come in ticks of their own, between any others.
const warnings = []
process.on('warning', ({ name, message, code }) => warnings.push([name, code, message].join(' ')))

exports.entries = entries
/** Ends what is seen. */
exports.callLater = () => {
  for (const [name, action] of calls) attempt(name, action)
  see('warnings', warnings.sort())
}
`,
  'serve.cjs': String.raw`
'use strict'
const http = require('node:http')
const { entries, callLater } = require('./report.cjs')

/** Ends the start: the document is what was seen until the port opened, and what functions do that are called afterwards. */
module.exports = () => {
  let document
  const server = http.createServer((request, response) => response.end(document ?? 'rehearsed'))
  server.listen(Number(process.env.PORT), '127.0.0.1', () => {
    setImmediate(() => {
      callLater()
      document = JSON.stringify(entries)
      console.log('listening on http://127.0.0.1:' + server.address().port + '/document')
    })
  })
  process.once('SIGTERM', () => process.exit(0))
}
`,
}
