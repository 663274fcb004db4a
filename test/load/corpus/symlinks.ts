import { json } from '../files.ts'
import type { Topic } from './topic.ts'

const located = `
module.exports = { filename: __filename, paths: module.paths }
try { module.exports.dependency = require('linked-dependency') } catch (error) { module.exports.dependency = error.message }
`

/** Links to packages, workspaces, folders and files, and two ways to one file. */
export const symlinks: Topic = {
  name: 'symlinks',
  files: {
    'symlinks/store/linked@1/node_modules/linked/package.json': json({
      name: 'linked',
      version: '1.0.0',
    }),
    'symlinks/store/linked@1/node_modules/linked/index.js': located,
    'symlinks/store/linked@1/node_modules/linked-dependency/index.js': `module.exports = 'of the store'\n`,
    'node_modules/linked': { link: '../symlinks/store/linked@1/node_modules/linked' },
    'symlinks/workspaces/ws-a/package.json': json({ name: 'ws-a', type: 'module', main: 'a.js' }),
    'symlinks/workspaces/ws-a/a.js': `
import b from 'ws-b'
export default { a: import.meta.url, b }
`,
    'symlinks/workspaces/ws-b/package.json': json({ name: 'ws-b', exports: './b.cjs' }),
    'symlinks/workspaces/ws-b/b.cjs': `
exports.b = __filename
exports.own = require('ws-b') === exports || require.resolve('ws-b')
`,
    'node_modules/ws-a': { link: '../symlinks/workspaces/ws-a' },
    'node_modules/ws-b': { link: '../symlinks/workspaces/ws-b' },
    'symlinks/real.cjs': `
see('real.cjs as ' + __filename)
module.exports = { filename: __filename, object: {} }
`,
    'symlinks/link.cjs': { link: 'real.cjs' },
    'symlinks/link-of-link.cjs': { link: 'link.cjs' },
    'symlinks/real.mjs': `
see('real.mjs as ' + import.meta.url)
export const object = {}
`,
    'symlinks/link.mjs': { link: 'real.mjs' },
    'symlinks/folder/index.js': located,
    'symlinks/folder-link': { link: 'folder' },
    'symlinks/dangling.js': { link: 'no-such.js' },
    'symlinks/loop.js': { link: 'loop.js' },
    'symlinks/other-name': { link: 'real.cjs' },
    'symlinks/other.json': { link: 'real.cjs' },
    'symlinks/index.cjs': `
for (const name of ['linked', 'linked/index', 'ws-b', './link.cjs', './link-of-link.cjs', './folder-link', './folder-link/index.js',
  './dangling', './loop', './other-name', './other.json']) {
  attempt('resolve ' + name, () => require.resolve(name))
  attempt('require ' + name, () => require(name))
}
see('one module', [require('./link.cjs') === require('./real.cjs'), require('./folder') === require('./folder-link')])
see('keys', Object.keys(require.cache).filter((key) => key.includes('symlinks')))
`,
    'symlinks/index.mjs': `
import wsA from 'ws-a'
import { object as linked } from './link.mjs'
import { object as real } from './real.mjs'
import * as cjs from './link-of-link.cjs'
see('ws-a', wsA)
see('one module', linked === real)
see('cjs', cjs)
await attempt('dangling', () => import('./dangling.js'))
await attempt('loop', () => import('./loop.js'))
await attempt('folder', () => import('./folder-link'))
`,
  },
  load: ['symlinks/index.cjs', 'symlinks/index.mjs'],
}
