import { json } from '../files.ts'
import type { Topic } from './topic.ts'

const version = (number: string): string =>
  `module.exports = { version: '${number}', at: __filename }\n`

/** What `module` and `require` tell and let be edited; versions of a package side by side. */
export const moduleObject: Topic = {
  name: 'module-object',
  files: {
    'node_modules/versioned/package.json': json({ name: 'versioned', version: '1.0.0' }),
    'node_modules/versioned/index.js': version('1.0.0'),
    'node_modules/needs-two/index.js': `module.exports = require('versioned')\n`,
    'node_modules/needs-two/node_modules/versioned/package.json': json({
      name: 'versioned',
      version: '2.0.0',
    }),
    'node_modules/needs-two/node_modules/versioned/index.js': version('2.0.0'),
    'module-object/extra/node_modules/only-extra/index.js': version('extra'),
    'module-object/extra/relative.js': version('relative'),
    'module-object/child.js': `
see('child', {
  id: module.id, filename: module.filename, path: module.path, loaded: module.loaded, parent: module.parent?.id,
  isExports: module.exports === exports, isThis: this === exports, isPreloading: module.isPreloading,
  isModule: module instanceof module.constructor, constructor: module.constructor === require('module'),
  keys: Object.keys(module).filter((key) => key !== 'isPreloading'), arguments: arguments.length, paths: module.paths, children: module.children.map(({ id }) => id),
})
module.exports = module
`,
    'module-object/replaces.js': `
const replacement = function answer() { return arguments.callee.caller === null }
module.exports = replacement
exports.lost = true
this.alsoLost = true
`,
    'module-object/returns.js': `
exports.before = 1
return
exports.after = 2
`,
    'module-object/second-parent.js': `module.exports = require('./child.js').parent.id\n`,
    'module-object/loads-itself.js': `
see('loads-itself')
module.exports = [require.main === module, require.main === process.mainModule, require.main?.filename, process.mainModule?.id]
`,
    'module-object/index.cjs': `
const Module = require('module')
const describeOf = (object) => Object.getOwnPropertyNames(object).map((key) => {
  const { writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(object, key)
  return [key, typeof object[key], writable, enumerable, configurable]
})
see('require', describeOf(require))
see('require.resolve', describeOf(require.resolve))
see('names', [require.name, require.length, require.resolve.name, require.resolve.length, require.resolve.paths.name, Object.prototype.toString.call(require)])
see('same', [require.cache === Module._cache, require.extensions === Module._extensions, require.main === process.mainModule])
see('prototype', [Object.getPrototypeOf(require.cache), Object.getPrototypeOf(require) === Function.prototype])
see('extensions', Object.keys(require.extensions))
const child = require('./child.js')
see('after', { loaded: child.loaded, parent: child.parent === module, children: module.children.map(({ id }) => id) })
see('second parent', require('./second-parent.js'))
see('children', module.children.map(({ id }) => id))
see('child of its second parent', require.cache[require.resolve('./second-parent.js')].children.length)
see('replaced', [typeof require('./replaces.js'), require('./replaces.js').lost, { ...require('./returns.js') }])
see('main', require('./loads-itself.js'))
see('module.require', [module.require('./child.js') === child, child.require('./returns.js') === require('./returns.js')])
see('module.isPreloading', module.isPreloading)
attempt('module.require()', () => module.require())
see('lookup', [require.resolve.paths('x'), require.resolve.paths('./x'), require.resolve.paths('..'), require.resolve.paths('fs'), require.resolve.paths('#x')])
attempt('only-extra', () => require('only-extra'))
for (const options of [{ paths: [__dirname + '/extra'] }, { paths: ['./extra'] }, { paths: [] }, { paths: ['none'] }, { paths: 'x' }, {}, { paths: [__dirname + '/extra', __dirname] }]) {
  for (const name of ['only-extra', './relative', './child.js', 'versioned', 'fs']) {
    attempt('resolve ' + name + ' ' + JSON.stringify(options), () => require.resolve(name, options))
  }
}
module.paths.unshift(__dirname + '/extra/node_modules')
see('module.paths', require('only-extra'))
module.paths.shift()
attempt('and back', () => require.resolve('only-extra'))
see('versions', [require('versioned'), require('needs-two'), require('needs-two') === require('versioned')])
const other = new Module(__dirname + '/extra/made.js', module)
other.filename = __dirname + '/extra/made.js'
other.paths = Module._nodeModulePaths(__dirname + '/extra')
see('a module that was made', [other.require('only-extra'), other.id, other.path, other.loaded])
other._compile('module.exports = [__filename, require.main === module, typeof require.resolve]', other.filename)
see('compiled', other.exports)
const created = Module.createRequire(__dirname + '/extra/none.js')
see('createRequire', [created('only-extra'), Object.keys(created), created.resolve('./relative'), created.resolve.paths('y')[0]])
attempt('createRequire of a folder', () => Module.createRequire(__dirname + '/extra/')('./relative'))
attempt('createRequire of a URL', () => Module.createRequire(require('url').pathToFileURL(__filename))('./child.js') === child)
attempt('createRequire of nothing', () => Module.createRequire('relative.js'))
see('Module', [Module.Module === Module, Module.builtinModules.includes('fs'), Module.isBuiltin('node:fs'), Module.wrap('x'), Module.globalPaths.length])
see('findPackageJSON', typeof Module.findPackageJSON === 'function' ? Module.findPackageJSON('versioned', __filename) : null)
see('globalPaths', Module.globalPaths.at(0))
attempt('by NODE_PATH', () => require('of-node-path'))
attempt('not by NODE_PATH', () => require('versioned').at)
later('caller', () => require('./replaces.js')())
`,
    'node-path/of-node-path/index.js': version('of NODE_PATH'),
    'node-path/versioned/index.js': version('9.9.9'),
    'module-object/index.mjs': `
import Module, { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
see('require', [Object.keys(require), require.main?.filename, require.name])
const { at } = require('versioned')
see('versioned', at)
await attempt('by NODE_PATH', () => import('of-node-path'))
attempt('require by NODE_PATH', () => require('of-node-path'))
const keys = () => Object.keys(Module._cache).filter((key) => key.includes('needs-two'))
delete Module._cache[keys()[0]]
see('imported and required', [(await import('needs-two')).default === require('needs-two'), keys()])
const child = require('./child.js')
see('parent', [child.parent?.id, child.id])
`,
  },
  load: ['module-object/index.cjs', 'module-object/index.mjs'],
}
