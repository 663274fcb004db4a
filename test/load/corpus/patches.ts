import { json } from '../files.ts'
import type { Topic } from './topic.ts'

/** Tools that change Node's loader while the application runs, in the ways of those that are in use. */
export const patches: Topic = {
  name: 'patches',
  files: {
    'patches/dep.js': `see('dep.js runs')\nmodule.exports = { real: true }\n`,
    'patches/subject.js': `exports.dep = require('./dep')\nexports.path = require('path')\n`,
    'patches/aliased/index.js': `module.exports = __filename\n`,
    'patches/app-modules/node_modules/of-app-path/index.js': `module.exports = __filename\n`,
    'patches/app-modules/plain-module.js': `module.exports = __filename\n`,
    'patches/source.js': `module.exports = '__MARK__'\nexports.fail = null\n`,
    'patches/marked.js': `module.exports = function marked() { throw new Error('__MARK__') }\n`,
    'patches/other.lang': `answer is 42\n`,
    'patches/proxied.js': `exports.value = 'on disk'\n`,
    'patches/esm.mjs': `import dep from './dep.js'\nexport default dep\n`,
    'patches/hooked.json': '{"json":true}',
    'node_modules/patched/package.json': json({ name: 'patched', main: 'main.js' }),
    'node_modules/patched/main.js': `module.exports = require('./inner')\n`,
    'node_modules/patched/inner.js': `module.exports = __filename\n`,
    'patches/index.cjs': `
const Module = require('module')
const path = require('path')
const fs = require('fs')
const forget = (...names) => names.forEach((name) => delete require.cache[require.resolve(name)])

/** As proxyquire does it. */
function withLoad(stubs, name) {
  const load = Module._load
  const seen = []
  Module._load = function (request, parent, isMain) {
    seen.push([request, parent?.filename, isMain])
    return request in stubs ? stubs[request] : load.apply(this, arguments)
  }
  try {
    forget(name)
    return [require(name), seen]
  } finally {
    Module._load = load
  }
}
see('Module._load', withLoad({ './dep': 'stub', path: 'stub of a built-in' }, './subject'))
forget('./subject')
see('restored', require('./subject').dep)

/** As module-alias does it. */
const resolveFilename = Module._resolveFilename
const resolved = []
Module._resolveFilename = function (request, parent, isMain, options) {
  resolved.push([request, parent?.filename, isMain, options])
  return resolveFilename.call(this, request.replace(/^@alias/, __dirname + '/aliased'), parent, isMain, options)
}
attempt('alias', () => require('@alias'))
attempt('alias of a file', () => require('@alias/index.js'))
attempt('resolve', () => require.resolve('@alias', { paths: [__dirname] }))
attempt('known before', () => require('./dep'))
Module._resolveFilename = resolveFilename
see('resolutions', resolved)
attempt('alias restored', () => require('@alias'))

/** As app-module-path does it. */
const nodeModulePaths = Module._nodeModulePaths
Module._nodeModulePaths = function (from) {
  return [...nodeModulePaths.call(this, from), path.join(__dirname, 'app-modules')]
}
fs.writeFileSync(path.join(__dirname, 'app-user.js'), "module.exports = [require('plain-module'), module.paths.at(-1)]")
attempt('app path', () => require('./app-user'))
Module._nodeModulePaths = nodeModulePaths
fs.rmSync(path.join(__dirname, 'app-user.js'))
const lookupPaths = Module._resolveLookupPaths
Module._resolveLookupPaths = function (request, parent) {
  const found = lookupPaths.apply(this, arguments)
  return request === 'of-app-path' ? [path.join(__dirname, 'app-modules', 'node_modules')] : found
}
attempt('lookup paths', () => require('of-app-path'))
Module._resolveLookupPaths = lookupPaths
const globalPath = process.env.NODE_PATH
process.env.NODE_PATH = path.join(__dirname, 'app-modules', 'node_modules')
Module._initPaths()
forget(path.join(__dirname, 'app-modules', 'node_modules', 'of-app-path'))
attempt('NODE_PATH anew', () => require('of-app-path'))
process.env.NODE_PATH = globalPath ?? ''
if (globalPath === undefined) delete process.env.NODE_PATH
Module._initPaths()

/** As pirates and ts-node do it: the module's own _compile. */
const js = Module._extensions['.js']
const compiled = []
Module._extensions['.js'] = function (module, filename) {
  const compile = module._compile
  module._compile = function (code, file, ...rest) {
    compiled.push([file, rest.length])
    return compile.call(this, code.replace('__MARK__', 'transformed'), file, ...rest)
  }
  return js(module, filename)
}
attempt('transformed', () => require('./source'))
const marked = require('./marked')
see('transformed function', marked)
later('transformed function', marked)
Module._extensions['.js'] = js
forget('./source', './marked')
attempt('not transformed', () => require('./source'))
see('not transformed function', require('./marked'))
later('not transformed function', require('./marked'))
see('compiled', compiled)
require.extensions['.lang'] = function (module, filename) {
  module._compile(fs.readFileSync(filename, 'utf8').replace('answer is', 'module.exports ='), filename)
}
attempt('a new extension', () => [require('./other'), require.resolve('./other'), Object.keys(require.extensions)])
delete require.extensions['.lang']
attempt('extension removed', () => require.resolve('./other'))
const jsonOf = Module._extensions['.json']
Module._extensions['.json'] = function (module, filename) {
  jsonOf(module, filename)
  module.exports.hooked = true
}
attempt('JSON', () => require('./hooked'))
Module._extensions['.json'] = jsonOf

/** As instruments do it, of all modules. */
const { _compile, load, require: requireOf } = Module.prototype
const calls = []
Module.prototype._compile = function (code, filename, ...rest) {
  calls.push(['compile', code.length, filename])
  return _compile.call(this, 'exports.wrapped = true;' + code, filename, ...rest)
}
Module.prototype.load = function (filename) {
  calls.push(['load', filename, this.loaded])
  return load.call(this, filename)
}
Module.prototype.require = function (id) {
  calls.push(['require', id, this.filename])
  return requireOf.call(this, id)
}
forget('./subject', './dep')
attempt('wrapped', () => require('./subject'))
attempt('wrapped package', () => require('patched'))
Object.assign(Module.prototype, { _compile, load, require: requireOf })
forget('./subject', './dep', 'patched', 'patched/inner')
attempt('unwrapped', () => [require('./subject'), require('patched'), calls.length])
see('calls', calls)

/** As file systems in archives do it. */
const { readFileSync, realpathSync, statSync } = fs
fs.readFileSync = function (file, ...rest) {
  const content = readFileSync.call(this, file, ...rest)
  return String(file).endsWith('proxied.js') ? String(content).replace('on disk', 'in an archive') : content
}
attempt('readFileSync', () => require('./proxied'))
fs.readFileSync = readFileSync
forget('./proxied')
attempt('readFileSync restored', () => require('./proxied'))
`,
    'patches/index.mjs': `
import { createRequire } from 'node:module'
import Module from 'node:module'
const require = createRequire(import.meta.url)
const seen = []
const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  seen.push(request)
  return resolveFilename.call(this, request, ...rest)
}
attempt('createRequire is hooked', () => require('patched'))
see('import is not', await import('./esm.mjs'))
Module._resolveFilename = resolveFilename
see('seen', seen)
`,
  },
  load: ['patches/index.cjs', 'patches/index.mjs'],
}
