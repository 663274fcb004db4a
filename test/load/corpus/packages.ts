import { json } from '../files.ts'
import type { Topic } from './topic.ts'

const manifest = (name: string, rest: object = {}): string =>
  json({ name, version: '1.0.0', ...rest })

/** Of a package, which file is it? */
const nameless = 'module.exports = __filename\n'
const namelessEsm = 'export default import.meta.url\n'

/** Packages: `exports`, `imports`, conditions, the package itself, names of built-ins, manifests that are none. */
export const packages: Topic = {
  name: 'packages',
  files: {
    'node_modules/dual/package.json': manifest('dual', {
      exports: {
        '.': { import: './esm.mjs', require: './cjs.cjs' },
        './state': './state.cjs',
        './package.json': './package.json',
      },
    }),
    'node_modules/dual/esm.mjs': `
import state from 'dual/state'
see('dual/esm')
export const kind = 'esm'
export { state }
export function fail() { throw new Error('of the ES module') }
`,
    'node_modules/dual/cjs.cjs': `
see('dual/cjs')
exports.kind = 'cjs'
exports.state = require('dual/state')
exports.fail = function fail() { throw new Error('of the CommonJS module') }
`,
    'node_modules/dual/state.cjs': `see('dual/state')\nmodule.exports = { loads: 0 }\n`,

    'node_modules/conditions/package.json': manifest('conditions', {
      main: './ignored.js',
      exports: {
        '.': {
          browser: './no.js',
          staging: './src/staging.js',
          node: {
            worker: './no.js',
            import: './src/node.mjs',
            require: './src/node.cjs',
          },
          default: './no.js',
        },
        './sync': { 'module-sync': './src/sync.mjs', default: './src/node.cjs' },
        './features/*': './src/*.js',
        './features/*.json': './src/*.json',
        './features/private/*': null,
        './features/private/open': './src/a.js',
        './array': ['not-a-target', './src/a.js'],
        './array-of-conditions': [{ browser: './no.js' }, { default: './src/a.js' }],
        './array-null': [null, './src/a.js'],
        './missing': './src/no-such.js',
        './outside': '../outside.js',
        './modules': './node_modules/inner/index.js',
        './nothing': { browser: './src/a.js' },
      },
    }),
    'node_modules/conditions/ignored.js': nameless,
    'node_modules/conditions/no.js': nameless,
    'node_modules/conditions/node_modules/inner/index.js': nameless,
    'node_modules/conditions/src/a.js': nameless,
    'node_modules/conditions/src/deep/b.js': nameless,
    'node_modules/conditions/src/private/c.js': nameless,
    'node_modules/conditions/src/d.json': '{"from":"d.json"}',
    'node_modules/conditions/src/staging.js': nameless,
    'node_modules/conditions/src/node.cjs': nameless,
    'node_modules/conditions/src/node.mjs': namelessEsm,
    'node_modules/conditions/src/sync.mjs': namelessEsm,

    'node_modules/string-exports/package.json': manifest('string-exports', {
      exports: './only.js',
    }),
    'node_modules/string-exports/only.js': nameless,
    'node_modules/sugar-exports/package.json': manifest('sugar-exports', {
      exports: { import: './a.mjs', default: './b.cjs' },
    }),
    'node_modules/sugar-exports/a.mjs': namelessEsm,
    'node_modules/sugar-exports/b.cjs': nameless,
    'node_modules/mixed-exports/package.json': manifest('mixed-exports', {
      exports: { '.': './a.js', import: './a.js' },
    }),
    'node_modules/mixed-exports/a.js': nameless,
    'node_modules/empty-exports/package.json': manifest('empty-exports', { exports: {} }),
    'node_modules/empty-exports/index.js': nameless,
    'node_modules/null-exports/package.json': manifest('null-exports', { exports: null }),
    'node_modules/null-exports/index.js': nameless,

    'node_modules/has-imports/package.json': manifest('has-imports', {
      imports: {
        '#dep': { import: './dep.mjs', require: './dep.cjs' },
        '#external': 'dual',
        '#built-in': 'path',
        '#internal/*': './internal/*.js',
        '#internal/hidden/*': null,
        '#array': ['./no/../invalid.js', './dep.cjs'],
      },
    }),
    'node_modules/has-imports/dep.mjs': namelessEsm,
    'node_modules/has-imports/dep.cjs': nameless,
    'node_modules/has-imports/internal/one.js': nameless,
    'node_modules/has-imports/index.js': `
see('#dep', require('#dep'))
see('#external', require('#external') === require('dual'))
see('#built-in', require('#built-in') === require('path'))
see('#internal/one', require('#internal/one'))
for (const name of ['#internal/hidden/x', '#internal/two', '#array', '#no', '#', '#/x']) attempt(name, () => require(name))
see('nested scope', require('./nested'))
`,
    'node_modules/has-imports/nested/package.json': manifest('nested'),
    'node_modules/has-imports/nested/index.js': `attempt('#dep of another scope', () => require('#dep'))\n`,
    'node_modules/has-imports/index.mjs': `
import dep from '#dep'
import { kind } from '#external'
import path from '#built-in'
see('import #', [dep, kind, typeof path.join])
for (const name of ['#internal/one', '#internal/hidden/x', '#no']) await attempt('import ' + name, () => import(name))
`,

    'node_modules/typed/package.json': manifest('typed', { type: 'module', main: './a.js' }),
    'node_modules/typed/a.js': namelessEsm,
    'node_modules/typed/c.cjs': nameless,
    'node_modules/typed/sub/package.json': json({ type: 'commonjs' }),
    'node_modules/typed/sub/b.js': nameless,
    'node_modules/typed/sub/sub/d.js': nameless,

    'node_modules/main-of-folder/package.json': manifest('main-of-folder', { main: 'lib' }),
    'node_modules/main-of-folder/lib/index.js': nameless,
    'node_modules/main-of-json/package.json': manifest('main-of-json', { main: 'lib/x' }),
    'node_modules/main-of-json/lib/x.json': '{"main":"x.json"}',
    'node_modules/main-missing/package.json': manifest('main-missing', { main: 'lib/gone.js' }),
    'node_modules/main-missing/index.js': nameless,
    'node_modules/main-and-index-missing/package.json': manifest('x', { main: 'gone.js' }),
    'node_modules/main-is-number/package.json': manifest('main-is-number', { main: 5 }),
    'node_modules/main-is-number/index.js': nameless,
    'node_modules/broken-manifest/package.json': '{ "name": "broken", ',
    'node_modules/broken-manifest/index.js': nameless,
    'node_modules/@scope/pkg/package.json': manifest('@scope/pkg', { main: './main' }),
    'node_modules/@scope/pkg/main.js': nameless,
    'node_modules/@scope/pkg/sub/index.json': '{"scope":"sub"}',
    'node_modules/single-file.js': nameless,
    'node_modules/events/index.js': nameless,
    'node_modules/test/index.js': nameless,
    'node_modules/sqlite/index.js': nameless,

    'packages/self.cjs': nameless,
    'packages/root.cjs': nameless,
    'packages/index.cjs': `
const names = [
  'dual', 'dual/state', 'dual/package.json', 'dual/cjs.cjs', 'conditions', 'conditions/sync', 'conditions/features/a',
  'conditions/features/deep/b', 'conditions/features/d.json', 'conditions/features/private/c', 'conditions/features/private/open',
  'conditions/features/none', 'conditions/features/../ignored', 'conditions/array', 'conditions/array-of-conditions',
  'conditions/array-null', 'conditions/missing', 'conditions/outside', 'conditions/modules', 'conditions/nothing',
  'conditions/ignored.js', 'string-exports', 'string-exports/only.js', 'sugar-exports', 'mixed-exports', 'empty-exports',
  'null-exports', 'has-imports', 'typed', 'typed/c.cjs', 'typed/sub/b', 'typed/sub/sub/d', 'main-of-folder', 'main-of-json',
  'main-missing', 'main-and-index-missing', 'main-is-number', 'broken-manifest', '@scope/pkg', '@scope/pkg/sub', '@scope',
  'single-file', 'events/', 'events/index', 'test', 'sqlite', 'corpus/self', 'corpus', 'corpus/none', '#root', '#none',
]
for (const name of names) {
  attempt('resolve ' + name, () => require.resolve(name))
  attempt('require ' + name, () => require(name))
}
see('built-in', [require('events') === require('node:events'), require('fs') === process.getBuiltinModule?.('fs')])
attempt('node:none', () => require('node:none'))
attempt('node:test', () => Object.keys(require('node:test')).length > 0)
see('state', require('dual').state === require('dual/state'))
`,
    'packages/index.mjs': `
import { createRequire } from 'node:module'
import * as dual from 'dual'
import events from 'events'
const require = createRequire(import.meta.url)
const names = [
  'dual/state', 'dual/package.json', 'conditions', 'conditions/sync', 'conditions/features/a', 'conditions/features/private/c',
  'conditions/array', 'conditions/array-null', 'conditions/missing', 'conditions/outside', 'conditions/nothing', 'string-exports',
  'sugar-exports', 'mixed-exports', 'empty-exports', 'null-exports', 'has-imports/index.mjs', 'typed', 'typed/sub/b.js',
  'typed/sub/b', 'main-of-folder', 'main-of-json', 'main-missing', 'main-and-index-missing', 'broken-manifest', '@scope/pkg',
  'events/', 'events/index.js', 'test', 'node:none', 'corpus/self', 'corpus/none', '#root', '#none', 'single-file',
]
for (const name of names) {
  await attempt('import ' + name, () => import(name))
  attempt('import.meta.resolve ' + name, () => import.meta.resolve(name))
}
see('dual', { ...dual, isOther: dual.kind !== require('dual').kind, hasSameState: dual.state === require('dual').state })
see('built-in', events === require('events'))
later('dual/esm.fail', () => dual.fail())
later('dual/cjs.fail', () => require('dual').fail())
`,
  },
  load: ['packages/index.cjs', 'packages/index.mjs'],
}
