import type { Topic } from './topic.ts'

/** Modules that cannot be loaded, how that is told, and what becomes of them when they are asked for again. */
export const errors: Topic = {
  name: 'errors',
  files: {
    'errors/throws.js': `
globalThis.throwLoads = (globalThis.throwLoads ?? 0) + 1
see('throws.js runs', globalThis.throwLoads)
exports.partial = 'partial'
function deep() { throw Object.assign(new TypeError('load ' + globalThis.throwLoads), { code: 'OWN' }) }
deep()
`,
    'errors/through.js': `require('./throws.js')\n`,
    'errors/middle.js': `require('./through.js')\n`,
    'errors/throws-string.js': `throw 'a string'\n`,
    'errors/throws-undefined.js': `throw undefined\n`,
    'errors/throws-frozen.js': `throw Object.freeze(new Error('frozen'))\n`,
    'errors/once.js': `
if (globalThis.wasThrown) module.exports = 'the second time'
else { globalThis.wasThrown = true; throw new Error('the first time') }
`,
    'errors/syntax.js': `exports.a = 1\nexports.b = = 2\n`,
    'errors/syntax-through.js': `exports.fine = 1\nrequire('./syntax.js')\n`,
    'errors/unterminated.js': `exports.a = \`never closed\n`,
    'errors/await.js': `const x = await 1\nmodule.exports = x\n`,
    'errors/import.js': `import fs from 'fs'\nmodule.exports = fs\n`,
    'errors/duplicate.js': `let a = 1\nlet a = 2\n`,
    'errors/return-twice.js': `return 1\n}\n`,
    'errors/missing.js': `require('./none.js')\n`,
    'errors/missing-through.js': `require('./missing.js')\n`,
    'errors/missing-package.js': `require('no-such-package/sub')\n`,
    'errors/caught.js': `
try { require('no-such-package') } catch (error) { exports.caught = error }
try { require('./throws-string') } catch (error) { exports.string = error }
`,
    'errors/overflows.js': `(function again() { again() })()\n`,
    'errors/addon.node': 'this is no shared object',
    'errors/uncalled.js': `exports.fail = () => { throw new Error('later') }\nexports.failDeep = () => [1].map(() => exports.fail())\n`,
    'errors/index.cjs': `
for (const name of ['throws', 'throws', 'through', 'middle', 'throws-string', 'throws-undefined', 'throws-frozen', 'once', 'once', 'syntax', 'syntax', 'syntax-through',
  'unterminated', 'await', 'import', 'duplicate', 'return-twice', 'missing', 'missing-through', 'missing-package', 'caught', 'addon.node', 'none']) {
  attempt(name, () => require('./' + name))
}
attempt('overflows', () => {
  try { require('./overflows') } catch (error) { return [error.name, error.message, String(error.stack).split('\\n').slice(0, 6)] }
})
see('cached', Object.keys(require.cache).filter((key) => key.startsWith(__dirname)))
see('children', module.children.map(({ id, loaded }) => [id, loaded]))
const { fail, failDeep } = require('./uncalled')
later('fail', fail)
later('failDeep', failDeep)
process.once('uncaughtExceptionMonitor', () => undefined)
`,
    'errors/index.mjs': `
for (const name of ['throws', 'throws', 'syntax', 'missing', 'throws-string', 'await', 'import', 'addon.node']) {
  await attempt(name, () => import('./' + name + (name.includes('.') ? '' : '.js')))
}
await attempt('one error', async () => (await import('./syntax.js').catch((e) => e)) === (await import('./syntax.js').catch((e) => e)))
`,
  },
  load: ['errors/index.cjs', 'errors/index.mjs'],
}
