import type { Topic } from './topic.ts'

/** What only ES modules have, `import()` of CommonJS, and names that CommonJS exports to them. */
export const esm: Topic = {
  name: 'esm',
  files: {
    'esm/meta.mjs': `
see('import.meta', { ...import.meta, main: undefined, keys: Object.keys(import.meta) })
see('prototype', Object.getPrototypeOf(import.meta))
attempt('resolve', () => ['./meta.mjs', 'dual', 'node:fs', './none.mjs', '#root'].map((each) => import.meta.resolve(each)))
attempt('resolve none', () => import.meta.resolve('none-at-all'))
export const meta = import.meta
`,
    'esm/counted.mjs': `
globalThis.esmLoads = (globalThis.esmLoads ?? 0) + 1
see('counted.mjs runs', [globalThis.esmLoads, import.meta.url])
export const object = {}
export let live = 0
export const increase = () => void live++
export default function () { throw new Error('of ' + import.meta.url.split('/').at(-1)) }
`,
    'esm/waits.mjs': `
see('waits begins')
const { setTimeout } = await import('node:timers/promises')
await setTimeout(5)
see('waits ends')
export const value = await Promise.resolve('waited')
`,
    'esm/beside-waits.mjs': `see('beside waits runs')\n`,
    'esm/throws.mjs': `
see('throws.mjs runs')
function deep() { throw new RangeError('at the top level') }
deep()
export const never = 1
`,
    'esm/rejects.mjs': `await null\nsee('rejects.mjs runs')\nthrow Object.assign(new Error('later at the top level'), { code: 'OWN' })\n`,
    'esm/syntax.mjs': `export const a = 1\nexport const b = ;\n`,
    'esm/no-name.mjs': `import { none } from './counted.mjs'\nexport default none\n`,
    'esm/no-cjs-name.mjs': `import { none } from './names.cjs'\nexport default none\n`,
    'esm/duplicate.mjs': `export const a = 1\nexport { a }\n`,
    'esm/star.mjs': `export * from './counted.mjs'\nexport * as all from './counted.mjs'\nexport * from './names.cjs'\n`,
    'esm/require-inside.mjs': `require('fs')\n`,
    'esm/names.cjs': `
exports.one = 1
exports['two'] = 2
Object.defineProperty(exports, 'three', { enumerable: true, value: 3 })
Object.defineProperty(exports, 'getter', { enumerable: true, get() { return 'got' } })
exports[['fo', 'ur'].join('')] = 4
exports.default = 'default'
`,
    'esm/transpiled.cjs': `
Object.defineProperty(exports, '__esModule', { value: true })
exports.default = 'the default'
exports.named = 'named'
`,
    'esm/reexports.cjs': `module.exports = require('./names.cjs')\n`,
    'esm/spread.cjs': `module.exports = { ...require('./names.cjs'), own: 1, 'string-name': 2 }\n`,
    'esm/function.cjs': `module.exports = function () {}\nmodule.exports.member = 1\n`,
    'esm/null.cjs': `module.exports = null\n`,
    'esm/data.json': '{"a":{"b":1}}',
    'esm/lazy.cjs': `
exports.load = () => import('./counted.mjs')
exports.query = (query) => import('./counted.mjs?' + query)
exports.none = () => import('./none.mjs')
exports.url = () => import('data:text/javascript,export default "from data"')
`,
    'esm/index.cjs': `
const lazy = require('./lazy.cjs')
module.exports = (async () => {
  await attempt('import() of CommonJS', async () => (await lazy.load()) === (await import('./counted.mjs')))
  await attempt('query', async () => (await lazy.query('v=1')).object === (await import('./counted.mjs')).object)
  await attempt('none', () => lazy.none())
  await attempt('url', () => lazy.url())
  await attempt('of eval', () => eval('import("./counted.mjs")'))
  await attempt('of Function', () => new Function('return import("./counted.mjs")')())
  await attempt('of vm', () => new (require('vm').Script)('import("./counted.mjs")').runInThisContext())
  await attempt('CommonJS', async () => (await import('./names.cjs')).default === require('./names.cjs'))
  see('done')
})()
`,
    'esm/index.mjs': `
import './waits.mjs'
import './beside-waits.mjs'
import { createRequire } from 'node:module'
import { meta } from './meta.mjs'
import * as counted from './counted.mjs'
import again, { object, live, increase } from './counted.mjs?v=1'
import { object as same } from './counted.mjs?v=1'
import * as names from './names.cjs'
import * as star from './star.mjs'
const require = createRequire(import.meta.url)
see('meta', [meta === import.meta, typeof meta.resolve])
see('queries', [counted.object === object, object === same, live])
increase()
see('live', [live, counted.live])
attempt('read only', () => { counted.live = 5 })
for (const query of ['?v=1', '?v=2', '#a', '?', '?v=1#a']) await attempt('query ' + query, async () => (await import('./counted.mjs' + query)).object === object)
await attempt('json', () => import('./data.json', { with: { type: 'json' } }))
await attempt('json twice', async () => (await import('./data.json', { with: { type: 'json' } })).default === (await import('./data.json', { with: { type: 'json' } })).default)
await attempt('json and require', async () => (await import('./data.json', { with: { type: 'json' } })).default === require('./data.json'))
await attempt('json without', () => import('./data.json'))
await attempt('json for a module', () => import('./counted.mjs', { with: { type: 'json' } }))
await attempt('an unknown type', () => import('./data.json', { with: { type: 'css' } }))
await attempt('an unknown attribute', () => import('./data.json', { with: { no: 'such' } }))
await attempt('data:', () => import('data:text/javascript,export default import.meta.url'))
await attempt('data: json', () => import('data:application/json,{"a":1}', { with: { type: 'json' } }))
await attempt('data: twice', async () => (await import('data:text/javascript,export const o = {}')).o === (await import('data:text/javascript,export const o = {}')).o)
await attempt('data: relative', () => import('data:text/javascript,import "./x.mjs"'))
await attempt('data: built-in', () => import('data:text/javascript,export { sep } from "node:path"'))
await attempt('data: base64', () => import('data:text/javascript;base64,ZXhwb3J0IGRlZmF1bHQgMQ=='))
await attempt('data: type', () => import('data:text/plain,x'))
for (const name of ['throws', 'throws', 'rejects', 'rejects', 'syntax', 'syntax', 'no-name', 'no-cjs-name', 'duplicate', 'require-inside', 'none']) {
  await attempt(name, () => import('./' + name + '.mjs'))
}
await attempt('one error', async () => (await import('./throws.mjs').catch((e) => e)) === (await import('./throws.mjs').catch((e) => e)))
see('names', names)
see('star', star)
for (const name of ['transpiled', 'reexports', 'spread', 'function', 'null']) await attempt(name, () => import('./' + name + '.cjs'))
see('node:', [(await import('node:fs')).default === require('fs'), (await import('fs')) === (await import('node:fs'))])
await attempt('node:none', () => import('node:none'))
await attempt('promise of CommonJS', () => require('./index.cjs'))
later('of a query', () => again())
`,
  },
  load: ['esm/index.cjs', 'esm/index.mjs'],
}
