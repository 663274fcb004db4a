import type { Topic } from './topic.ts'

const latin1 = Buffer.from(`module.exports = '\u00e4\u00ff'\n`, 'latin1')

/** Sources as text: what stands before the first token, line ends, encodings, modes, and what functions print as. */
export const text: Topic = {
  name: 'text',
  files: {
    'text/hashbang.cjs':
      '#!/usr/bin/env node\nexports.fail = () => { throw new Error("line 2") }\n',
    'text/hashbang.mjs':
      '#!/usr/bin/env node\nexport const fail = () => { throw new Error("line 2") }\n',
    'text/bom.cjs': '\uFEFFexports.fail = () => { throw new Error("line 1") }\n',
    'text/bom.mjs': '\uFEFFexport const fail = () => { throw new Error("line 1") }\n',
    'text/bom-hashbang.cjs':
      '\uFEFF#!/usr/bin/env node\nexports.fail = () => { throw new Error("line 2") }\n',
    'text/crlf.cjs': 'exports.fail = () => {\r\n  throw new Error(`one\r\ntwo`)\r\n}\r\n',
    'text/crlf.mjs': 'export const fail = () => {\r\n  throw new Error(`one\r\ntwo`)\r\n}\r\n',
    'text/letters.cjs': `exports.fail = function größe() { throw new Error('日本語 😀 \u2028') }\nexports.größe = '\u00e9e\u0301'\n`,
    'text/letters.mjs': `export function größe() { throw new Error('日本語 😀') }\nexport const fail = größe\n`,
    'text/latin1.cjs': latin1,
    'text/nul.cjs': `exports.text = 'a\0b'\n`,
    'text/strict.cjs': `'use strict'\nexports.fail = () => { undeclared = 1 }\nexports.self = (function () { return this })()\n`,
    'text/sloppy.cjs': `exports.fail = () => { undeclaredOf.sloppy = 1 }\nexports.self = (function () { return this === globalThis })()\nexports.octal = 010\nexports.has = typeof arguments\n`,
    'text/empty.cjs': '',
    'text/comment.cjs': '// exports.x = 1',
    'text/unclosed.cjs': 'exports.x = 1 // without a line end',
    'text/closes.cjs': '}); exports.escaped = 1; (function () {',
    'text/map.cjs':
      'exports.fail = () => { throw new Error("mapped") }\n//# sourceMappingURL=map.cjs.map\n',
    'text/url.cjs': 'exports.fail = () => { throw new Error("named") }\n//# sourceURL=renamed.js\n',
    'text/functions.cjs': `
exports.plain = function (a, b = 2, ...rest) { /* a comment */ return [a, b, rest] }
exports.arrow = async (x) => { await x }
exports.generator = function * named () { yield 1 }
exports.Class = class Thing extends Object { #secret = 1; static of() { return new this() } get secret() { return this.#secret } }
exports.method = { async *[Symbol.iterator]() {} }[Symbol.iterator]
exports.lazy = () => () => () => { throw new Error('innermost') }
exports.evaluated = eval('(function evaluated() { throw new Error("of eval") })')
exports.made = new Function('a', 'throw new Error("made")')
`,
    'text/index.cjs': `
for (const name of ['hashbang', 'bom', 'bom-hashbang', 'crlf', 'letters', 'latin1', 'nul', 'strict', 'sloppy', 'empty', 'comment', 'unclosed', 'closes', 'map', 'url']) {
  attempt(name, () => {
    const exports = require('./' + name + '.cjs')
    if (exports.fail) later(name, exports.fail)
    return exports
  })
}
const functions = require('./functions.cjs')
for (const [name, value] of Object.entries(functions)) see(name, value)
later('innermost', () => functions.lazy()()())
later('of eval', () => functions.evaluated())
later('made', () => functions.made())
later('private', () => functions.Class.of().secret)
later('generator', () => [...functions.generator()])
`,
    'text/index.mjs': `
for (const name of ['hashbang', 'bom', 'crlf', 'letters']) {
  const exports = await import('./' + name + '.mjs')
  see(name, exports)
  later(name, exports.fail)
}
for (const name of ['bom', 'hashbang', 'latin1', 'empty', 'functions']) await attempt('import ' + name, () => import('./' + name + '.cjs'))
see('this', typeof this)
`,
  },
  load: ['text/index.cjs', 'text/index.mjs'],
}
