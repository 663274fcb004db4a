import { json, type Files } from '../files.ts'

/** A part of the application that shares nothing with the others, so that each can have an edit of its own. */
export interface Kind {
  readonly name: string
  /** What is loaded, below the folder of the unit; by `require`, or by `import` where it ends with `.mjs`. */
  readonly entry: string
  readonly files: Files
  /** Files whose text may be edited. */
  readonly sources: readonly string[]
}

/** The version is what edits change, in place. */
const cjs = (name: string): string =>
  `exports.text = '${name} version-1'\nexports.file = __filename\n`
const esm = (name: string): string =>
  `export const text = '${name} version-1'\nexport const file = import.meta.url\n`
const requireAll = (...names: readonly string[]): string =>
  `for (const name of ${JSON.stringify(names)}) {
  try { exports[name] = require(name) } catch (error) { exports[name] = error.code + ' ' + error.message }
}
`
const importAll = (...names: readonly string[]): string =>
  `export const seen = {}
for (const name of ${JSON.stringify(names)}) {
  const options = name.endsWith('.json') ? { with: { type: 'json' } } : undefined
  try { seen[name] = { ...await import(name, options) } } catch (error) { seen[name] = error.code + ' ' + error.message }
}
`

export const kinds: readonly Kind[] = [
  {
    name: 'relative',
    entry: 'index.cjs',
    files: {
      'index.cjs': requireAll('./x', './data', './folder', './deep/one', './'),
      'x.js': cjs('x'),
      'data.json': json({ text: 'data version-1' }),
      'folder/index.js': cjs('folder'),
      'deep/one.js': `exports.two = require('./two')\n${cjs('one')}`,
      'deep/two.js': cjs('two'),
    },
    sources: ['x.js', 'data.json', 'folder/index.js', 'deep/one.js', 'deep/two.js'],
  },
  {
    name: 'package',
    entry: 'index.cjs',
    files: {
      'index.cjs': requireAll('pkg', 'pkg/sub', 'pkg/lib', 'by-index'),
      'node_modules/pkg/package.json': json({ name: 'pkg', version: '1.0.0', main: 'lib/main' }),
      'node_modules/pkg/lib/main.js': cjs('main'),
      'node_modules/pkg/lib/othe.js': cjs('othe'),
      'node_modules/pkg/lib/index.js': cjs('index of lib'),
      'node_modules/pkg/index.js': cjs('index'),
      'node_modules/pkg/sub.js': cjs('sub'),
      'node_modules/by-index/index.js': cjs('by index'),
    },
    sources: [
      'node_modules/pkg/lib/main.js',
      'node_modules/pkg/sub.js',
      'node_modules/pkg/lib/index.js',
      'node_modules/by-index/index.js',
    ],
  },
  {
    name: 'exports',
    entry: 'index.mjs',
    files: {
      'index.mjs': `${importAll('pkg', 'pkg/sub', 'pkg/f/a', 'pkg/none')}
import { createRequire } from 'node:module'
export const required = {}
for (const name of ['pkg', 'pkg/sub', 'pkg/f/a']) {
  try { required[name] = createRequire(import.meta.url)(name) } catch (error) { required[name] = error.code + ' ' + error.message }
}
`,
      'node_modules/pkg/package.json': json({
        name: 'pkg',
        version: '1.0.0',
        exports: {
          '.': { import: './a.mjs', require: './a.cjs' },
          './sub': './sub.cjs',
          './f/*': './f/*.cjs',
        },
      }),
      'node_modules/pkg/a.mjs': esm('a'),
      'node_modules/pkg/b.mjs': esm('b'),
      'node_modules/pkg/a.cjs': cjs('a'),
      'node_modules/pkg/b.cjs': cjs('b'),
      'node_modules/pkg/sub.cjs': `exports.self = require('pkg/f/a')\n${cjs('sub')}`,
      'node_modules/pkg/f/a.cjs': cjs('f/a'),
    },
    sources: [
      'node_modules/pkg/a.mjs',
      'node_modules/pkg/a.cjs',
      'node_modules/pkg/sub.cjs',
      'node_modules/pkg/f/a.cjs',
    ],
  },
  {
    name: 'scope',
    entry: 'index.mjs',
    files: {
      'package.json': json({
        name: 'unit',
        type: 'module',
        imports: { '#a': './lib/a.js', '#c': { import: './lib/a.js', default: './lib/c.cjs' } },
        exports: { './self': './lib/a.js' },
      }),
      'index.mjs': importAll('#a', '#c', 'unit/self', './lib/a.js', './lib/c.cjs', './data.json'),
      'lib/a.js': `import './a2.js'\n${esm('a')}`,
      'lib/a2.js': esm('a2'),
      'lib/b.js': esm('b'),
      'lib/c.cjs': cjs('c'),
      'data.json': json({ text: 'data version-1' }),
    },
    sources: ['lib/a.js', 'lib/a2.js', 'lib/c.cjs', 'data.json'],
  },
  {
    name: 'static',
    entry: 'index.mjs',
    files: {
      'index.mjs': `export * as a from './a.mjs'\nexport * as b from './b/b.mjs'\nexport { default as c } from 'c'\n`,
      'a.mjs': esm('a'),
      'b/b.mjs': `export * as deep from './deep.mjs'\n${esm('b')}`,
      'b/deep.mjs': esm('deep'),
      'node_modules/c/package.json': json({ name: 'c', main: 'c.js' }),
      'node_modules/c/c.js': cjs('c'),
    },
    sources: ['index.mjs', 'a.mjs', 'b/b.mjs', 'b/deep.mjs', 'node_modules/c/c.js'],
  },
  {
    name: 'links',
    entry: 'index.cjs',
    files: {
      'index.cjs': requireAll('pkg', './file', './folder/x', 'pkg/package.json'),
      'store/pkg-1/package.json': json({ name: 'pkg', version: '1.0.0' }),
      'store/pkg-1/index.js': `exports.dependency = require('dependency')\n${cjs('pkg-1')}`,
      'store/pkg-2/package.json': json({ name: 'pkg', version: '2.0.0' }),
      'store/pkg-2/index.js': cjs('pkg-2'),
      'store/node_modules/dependency/index.js': cjs('dependency'),
      'node_modules/pkg': { link: '../store/pkg-1' },
      'real-1.js': cjs('real-1'),
      'real-2.js': cjs('real-2'),
      'file.js': { link: 'real-1.js' },
      'folder-1/x.js': cjs('folder-1'),
      'folder-2/x.js': cjs('folder-2'),
      folder: { link: 'folder-1' },
    },
    sources: [
      'store/pkg-1/index.js',
      'store/node_modules/dependency/index.js',
      'real-1.js',
      'folder-1/x.js',
    ],
  },
  {
    name: 'absent',
    entry: 'index.cjs',
    files: {
      'index.cjs': requireAll('./optional', 'optional', './folder/optional', './x', 'only-outer'),
      'x.js': cjs('x'),
      'folder/other.js': cjs('other'),
    },
    sources: ['x.js'],
  },
  {
    name: 'outer',
    entry: 'deep/er/index.cjs',
    files: {
      'deep/er/index.cjs': requireAll('pkg', 'pkg/sub', 'of-node-path', '../up'),
      'deep/up.js': cjs('up'),
      'node_modules/pkg/package.json': json({ name: 'pkg', version: '1.0.0' }),
      'node_modules/pkg/index.js': cjs('outer pkg'),
      'node_modules/pkg/sub.js': cjs('outer sub'),
    },
    sources: ['deep/up.js', 'node_modules/pkg/index.js', 'node_modules/pkg/sub.js'],
  },
  {
    name: 'twins',
    entry: 'index.cjs',
    files: {
      'index.cjs': requireAll('./a', './b', 'one', 'two'),
      'a/index.js': cjs('aaa'),
      'b/index.js': cjs('bbb'),
      'node_modules/one/index.js': cjs('one'),
      'node_modules/two/index.js': cjs('two'),
    },
    sources: ['a/index.js', 'b/index.js', 'node_modules/one/index.js'],
  },
]

/** Names on `NODE_PATH` are those of all units. */
export const nodePathFiles: Files = {
  'node-path-2/of-node-path/index.js': cjs('of NODE_PATH'),
  'node-path-1/.keep': '',
}
