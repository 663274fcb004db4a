import { json } from '../files.ts'
import type { Topic } from './topic.ts'

const named = 'module.exports = __filename\n'
const namedEsm = 'export default import.meta.url\n'
/** The smallest module, without content. */
const emptyWasm = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)

/** From what is asked for to a file: extensions, folders, slashes, dots, case, and what such files are taken for. */
export const paths: Topic = {
  name: 'paths',
  files: {
    'paths/plain.js': named,
    'paths/plain.json': '{"json":"beside plain.js"}',
    'paths/plain/index.js': named,
    'paths/data.json': '{"json":"data"}',
    'paths/data/index.js': named,
    'paths/bom.json': '\uFEFF{"json":"with a BOM"}',
    'paths/broken.json': '{"json": }',
    'paths/empty.json': '',
    'paths/only-folder/index.js': named,
    'paths/json-folder/index.json': '{"json":"index.json"}',
    'paths/cjs-folder/index.cjs': named,
    'paths/no-extension': named,
    'paths/no-extension-esm': namedEsm,
    'paths/unknown.txt': named,
    'paths/unknown.esm.txt': namedEsm,
    'paths/dots.in.name': named,
    'paths/dots.in.name.js': named,
    'paths/a.cjs': named,
    'paths/b.mjs': namedEsm,
    'paths/a b%20c.js': named,
    'paths/ä#?.js': named,
    'paths/types.ts': 'const answer: number = 42\nmodule.exports = answer\n',
    'paths/types.mts': 'const answer: number = 42\nexport default answer\n',
    'paths/detected.js': namedEsm,
    'paths/ambiguous.js': 'const x = 1\nawait x\nmodule.exports = x\n',
    'paths/empty.wasm': emptyWasm,
    'paths/Foo.js': `module.exports = 'Foo'\n`,
    'paths/foo.js': `module.exports = 'foo'\n`,
    'paths/nested/index.js': named,
    'paths/nested/deep/up.js': `
exports.dot = attempt('nested .', () => require('.'))
for (const name of ['..', '../', '../.', '../..', './', '../../plain', '../deep/up']) attempt('nested ' + name, () => require(name))
`,
    'paths/nested/deep/index.js': named,
    'paths/esm/package.json': json({ type: 'module' }),
    'paths/esm/a.js': namedEsm,
    'paths/esm/b.cjs': named,
    'paths/esm/no-extension': namedEsm,
    'paths/esm/unknown.txt': namedEsm,
    'paths/esm/data.json': '{"json":"in a module scope"}',
    'paths/esm/cjs-inside.js': named,
    'paths/index.cjs': `
const names = [
  './plain', './plain.js', './plain.json', './plain/', './plain/.', './plain/..', './data', './data/', './data.json', './bom', './broken',
  './empty', './only-folder', './only-folder/', './only-folder/index', './json-folder', './json-folder/', './cjs-folder', './no-extension',
  './no-extension-esm', './no-extension/', './unknown.txt', './unknown.esm.txt', './unknown', './dots.in.name', './dots.in', './a', './a.cjs',
  './b', './b.mjs', './a b%20c', './a b c', './ä#?.js', './types', './types.ts', './types.mts', './detected', './ambiguous',
  './empty.wasm', './Foo', './foo', './FOO', './nested', './nested/deep/up', './nested/deep/', './nested//deep///up', './nested/./deep/../deep/up',
  './esm/a', './esm/b.cjs', './esm/no-extension', './esm/unknown.txt', './esm/data', './esm/cjs-inside', '.', './', '..', '../', '../paths', '',
  './none', '../none/none', '/', 'none', 'none/', './plain.js/', './plain.js/x', __filename, __dirname + '/plain', __dirname + '/', 'file://' + __dirname + '/plain.js',
]
for (const name of names) {
  attempt('resolve ' + name, () => require.resolve(name))
  attempt('require ' + name, () => require(name))
}
for (const name of [undefined, null, 1, {}, ['./plain']]) {
  attempt('require(' + String(name) + ')', () => require(name))
  attempt('require.resolve(' + String(name) + ')', () => require.resolve(name))
}
see('json', require('./data.json') === require('./data.json'))
see('two cases', require('./Foo') !== require('./foo'))
see('cached', Object.keys(require.cache).filter((key) => key.startsWith(__dirname)))
`,
    'paths/index.mjs': `
const names = [
  './plain.js', './plain', './plain/', './plain/index.js', './data.json', './no-extension', './no-extension-esm', './unknown.txt', './a.cjs', './b.mjs',
  './a%20b%2520c.js', './%C3%A4%23%3F.js', './types.ts', './types.mts', './detected.js', './ambiguous.js', './empty.wasm', './Foo.js', './esm/a.js',
  './esm/b.cjs', './esm/no-extension', './esm/unknown.txt', './esm/cjs-inside.js', '.', './', './none.js', 'none', './nested/../b.mjs', './/b.mjs',
  './b.mjs#one', './b.mjs?', './a%2fb.js', './b%2emjs', new URL('./b.mjs', import.meta.url).href, 'https://example.invalid/x.mjs', 'bare:x', '',
]
for (const name of names) {
  await attempt('import ' + name, () => import(name))
  attempt('import.meta.resolve ' + name, () => import.meta.resolve(name))
}
`,
  },
  load: ['paths/index.cjs', 'paths/index.mjs'],
}
