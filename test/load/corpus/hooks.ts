import type { Topic } from './topic.ts'

/** What is preloaded into the application with `--require` and `--import`: hooks that stay for good. */
export const hooks: Topic = {
  name: 'hooks',
  files: {
    'hooks/preload.cjs': `
const Module = require('module')
const load = Module._load
const resolveFilename = Module._resolveFilename
const compile = Module.prototype._compile
const calls = (globalThis.hookCalls = { load: [], resolve: [], compile: [] })
// What is none of the application's is none of its business.
const root = require('path').dirname(__dirname) + '/'
const isOwn = (file) => String(file).startsWith(root)
Module._load = function (request, parent, isMain) {
  if (isOwn(parent?.filename ?? request)) calls.load.push([request, parent?.filename, isMain])
  return request === 'by-load' ? 'mocked' : load.apply(this, arguments)
}
Module._resolveFilename = function (request, parent, ...rest) {
  if (isOwn(parent?.filename ?? request)) calls.resolve.push([request, parent?.filename])
  return resolveFilename.call(this, request === 'by-resolve' ? __dirname + '/target.js' : request, parent, ...rest)
}
Module.prototype._compile = function (content, filename, ...rest) {
  if (isOwn(filename)) calls.compile.push([filename, content.length])
  return compile.call(this, filename.endsWith('compiled.js') ? content.replace('source', 'compiled') : content, filename, ...rest)
}
const js = Module._extensions['.js']
Module._extensions['.js'] = function (module, filename) {
  if (!filename.endsWith('extension.js')) return js(module, filename)
  module._compile('module.exports = "by extension"', filename)
}
`,
    'hooks/register.mjs': `
import * as module from 'node:module'
if (module.register !== undefined) module.register('./thread.mjs', import.meta.url)
module.registerHooks?.({
  resolve: (specifier, context, next) => specifier === 'by-sync' ? { url: new URL('./target.js', import.meta.url).href, shortCircuit: true } : next(specifier, context),
  load: (url, context, next) => {
    const loaded = next(url, context)
    return url.endsWith('synced.mjs') || url.endsWith('synced.cjs') ? { ...loaded, source: String(loaded.source).replace('source', 'synced') } : loaded
  },
})
`,
    'hooks/thread.mjs': `
export const resolve = (specifier, context, next) =>
  specifier === 'by-thread' ? { url: new URL('./threaded.mjs', import.meta.url).href, shortCircuit: true } : next(specifier, context)
export const load = async (url, context, next) => {
  const loaded = await next(url, context)
  return url.endsWith('threaded.mjs') ? { ...loaded, source: String(loaded.source).replace('source', 'threaded') } : loaded
}
`,
    'hooks/target.js': `module.exports = __filename\n`,
    'hooks/compiled.js': `module.exports = 'source'\n`,
    'hooks/extension.js': `module.exports = 'source'\n`,
    'hooks/synced.mjs': `export default 'source'\n`,
    'hooks/synced.cjs': `module.exports = 'source'\n`,
    'hooks/threaded.mjs': `export default 'source'\n`,
    'hooks/wrapped.js': `module.exports = [typeof injected, __filename]\n`,
    'hooks/index.cjs': `
const Module = require('module')
for (const name of ['by-load', 'by-resolve', './compiled', './extension', 'by-sync', './synced.cjs', 'by-none']) attempt(name, () => require(name))
// Up to here: with hooks in another thread, what is loaded beside ES modules later has no order.
see('calls', JSON.parse(JSON.stringify(globalThis.hookCalls)))
`,
    'hooks/index.mjs': `
for (const name of ['by-thread', './threaded.mjs', 'by-sync', './synced.mjs', './synced.cjs', './compiled.js', './extension.js', 'by-load']) await attempt('import ' + name, () => import(name))
`,
    'hooks/wrapper.cjs': `
const Module = require('module')
Module.wrapper[0] += 'const injected = 1; '
attempt('wrapper', () => require('./wrapped'))
delete require.cache[require.resolve('./wrapped')]
Module.wrap = (script) => '(function (exports, require, module, __filename, __dirname) { let injected = ""; ' + script + '\\n})'
attempt('wrap', () => require('./wrapped'))
`,
  },
  load: ['hooks/index.cjs', 'hooks/index.mjs', 'hooks/wrapper.cjs'],
}
