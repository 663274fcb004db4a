import type { Topic } from './topic.ts'

/** Entries of `require.cache` that are deleted, replaced and made up. */
export const cache: Topic = {
  name: 'cache',
  files: {
    'cache/counted.js': `
globalThis.countedLoads = (globalThis.countedLoads ?? 0) + 1
see('counted.js runs', globalThis.countedLoads)
module.exports = { loads: globalThis.countedLoads, list: require('./list.json') }
`,
    'cache/list.json': '[1, 2, 3]',
    'cache/uses.js': `exports.counted = require('./counted')\n`,
    'cache/deletes-itself.js': `
delete require.cache[__filename]
globalThis.deletedLoads = (globalThis.deletedLoads ?? 0) + 1
module.exports = { parent: module.parent.filename, loads: globalThis.deletedLoads }
`,
    'cache/rewritten.js': `module.exports = 'first'\n`,
    'cache/index.cjs': `
const fs = require('node:fs')
const first = require('./counted')
first.list.push(4)
delete require.cache[require.resolve('./counted')]
const second = require('./counted')
see('deleted', [first === second, second.loads, second.list, module.children.map(({ id }) => id)])
delete require.cache[require.resolve('./list.json')]
see('json again', [require('./list.json'), second.list])
require.cache[require.resolve('./counted')] = { exports: 'replaced', loaded: true }
attempt('replaced', () => require('./uses'))
require.cache[require.resolve('./counted')].exports = 'other'
attempt('exports replaced', () => require('./counted'))
delete require.cache[require.resolve('./counted')]
attempt('uses keeps', () => require('./uses').counted)
require.cache[__dirname + '/made-up.js'] = { exports: 'made up', loaded: true }
attempt('made up', () => require(__dirname + '/made-up.js'))
attempt('made up, relative', () => require('./made-up'))
require.cache.fs = { exports: 'not the built-in' }
attempt('built-in', () => [typeof require('fs'), typeof require('node:fs')])
delete require.cache.fs
see('deletes itself', [require('./deletes-itself'), require('./deletes-itself')])
// Reloading while developing: a file that this process itself has changed.
const file = require.resolve('./rewritten')
const source = fs.readFileSync(file, 'utf8')
see('as written', require('./rewritten'))
fs.writeFileSync(file, source.replace('first', 'other'))
attempt('kept', () => require('./rewritten'))
delete require.cache[file]
attempt('reloaded', () => require('./rewritten'))
fs.writeFileSync(file, source)
delete require.cache[file]
attempt('and back', () => require('./rewritten'))
// What was not there is found once it is.
const fresh = __dirname + '/written-now.js'
attempt('before', () => require('./written-now'))
fs.writeFileSync(fresh, 'module.exports = "written now"')
attempt('after', () => require('./written-now'))
fs.rmSync(fresh)
delete require.cache[fresh]
attempt('removed', () => require('./written-now'))
const emptied = { ...require.cache }
for (const key of Object.keys(require.cache)) delete require.cache[key]
see('all deleted', [require('./counted').loads, Object.keys(require.cache).length])
Object.assign(require.cache, emptied)
`,
  },
  load: ['cache/index.cjs'],
}
