import type { Topic } from './topic.ts'

/** Modules that ask for each other, of one kind and of both. */
export const cycles: Topic = {
  name: 'cycles',
  files: {
    'cycles/a.cjs': `
see('a begins')
exports.early = 'a'
const b = require('./b.cjs')
see('a sees', { ...b })
exports.late = 'a'
exports.isSame = b.a === exports
`,
    'cycles/b.cjs': `
see('b begins')
exports.early = 'b'
const a = (exports.a = require('./a.cjs'))
see('b sees', { ...a })
attempt('a property that is not there yet', () => a.late)
attempt('own', () => require('./b.cjs') === exports)
exports.late = 'b'
`,
    'cycles/c.mjs': `
import { d, readC } from './d.mjs'
see('c sees', d)
export const c = 'c'
export function hoisted() { return 'hoisted' }
see('c read by d', readC())
`,
    'cycles/d.mjs': `
import { c, hoisted } from './c.mjs'
see('d sees', hoisted())
attempt('d reads too early', () => c)
export const d = 'd'
export const readC = () => c
`,
    'cycles/mixed.mjs': `
import through from './through.cjs'
see('mixed sees', through)
export const mixed = 'mixed'
`,
    'cycles/through.cjs': `
attempt('through requires mixed', () => require('./mixed.mjs'))
exports.through = 'through'
`,
    'cycles/through-first.cjs': `
exports.first = 1
attempt('an ES module that imports this', () => require('./importer.mjs'))
exports.second = 2
`,
    'cycles/importer.mjs': `
import * as first from './through-first.cjs'
see('importer sees', first)
export const importer = 1
`,
    'cycles/waits.mjs': `
await 0
export const value = 'waited'
`,
    'cycles/sync.mjs': `
see('sync.mjs runs')
export const value = 'sync'
export default { of: 'sync' }
`,
    'cycles/named.mjs': `
const own = () => 'own'
export { own as 'module.exports' }
export const other = 1
`,
    'cycles/marked.mjs': `export const __esModule = true\nexport default 'default'\n`,
    'cycles/index.cjs': `
see('a', { ...require('./a.cjs') })
attempt('through-first', () => ({ ...require('./through-first.cjs') }))
for (const name of ['./sync.mjs', './waits.mjs', './named.mjs', './marked.mjs']) {
  attempt('require ' + name, () => require(name))
  attempt('again ' + name, () => require(name) === require(name))
}
attempt('cache', () => {
  const { loaded, children, exports } = require.cache[require.resolve('./sync.mjs')]
  return { loaded, children, exports }
})
`,
    'cycles/index.mjs': `
import { createRequire } from 'node:module'
import './c.mjs'
await attempt('mixed', () => import('./mixed.mjs'))
await attempt('waits', () => import('./waits.mjs'))
const require = createRequire(import.meta.url)
attempt('require after import', () => require('./waits.mjs'))
attempt('both ways', async () => (await import('./sync.mjs')) === require('./sync.mjs'))
`,
  },
  load: ['cycles/index.cjs', 'cycles/index.mjs'],
}
