/** A sample with all its packages as one script, as many services are shipped, and the same after its sources were edited. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire, SourceMap } from 'node:module'
import path from 'node:path'
import { build } from 'vite'

const require = createRequire(import.meta.url)

/** What samples read beside their scripts: where it lies, and where the script looks for it. */
const assets = {
  shop: (folder) => [
    [path.join(folder, 'views/templates'), 'dist/templates'],
    [path.join(folder, 'views/partials'), 'dist/partials'],
    [path.join(folder, 'public'), 'dist/public'],
    [path.join(folder, 'content'), 'content'],
    [path.join(path.dirname(require.resolve('pdfkit')), 'data'), 'dist/data'],
  ],
}

/**
 * @typedef {object} Bundle
 * @property {string} file the script
 * @property {string} code
 * @property {SourceMap} map
 *
 * @typedef {object} Edit
 * @property {string} file
 * @property {number} line from 0 on, as source maps count
 * @property {number} column
 * @property {string} text what is put in there
 */

/**
 * @param {string} sample folder with a `server.js`
 * @param {string} out folder that becomes the application
 * @param {readonly Edit[]} edits of the sources
 * @param {string} banner first line of the script
 * @returns {Promise<Bundle>}
 */
export async function bundle(sample, out, edits = [], banner = '') {
  mkdirSync(out, { recursive: true })
  const { output } = await build({
    configFile: false,
    root: sample,
    logLevel: 'error',
    publicDir: false,
    plugins: [applyEdits(edits)],
    // Its face for bundlers cannot be required.
    resolve: { alias: { pdfkit: require.resolve('pdfkit') } },
    ssr: { noExternal: true },
    build: {
      ssr: 'server.js',
      outDir: path.join(out, 'dist'),
      emptyOutDir: true,
      minify: false,
      sourcemap: true,
      target: 'node20',
      rolldownOptions: {
        output: { entryFileNames: 'server.cjs', format: 'cjs', codeSplitting: false, banner },
      },
    },
  })
  const name = path.basename(sample)
  for (const [from, to] of assets[name]?.(sample) ?? []) {
    cpSync(from, path.join(out, to), { recursive: true })
  }
  writeFileSync(path.join(out, 'package.json'), JSON.stringify({ name: `${name}-bundle` }))
  const file = path.join(out, 'dist', 'server.cjs')
  const { map } = output.find(({ fileName }) => fileName === 'server.cjs')
  const sources = map.sources.map((source) => path.resolve(path.dirname(file), source))
  return { file, code: readFileSync(file, 'utf8'), map: new SourceMap({ ...map, sources }) }
}

function applyEdits(edits) {
  const byFile = Map.groupBy?.(edits, ({ file }) => file) ?? groupByFile(edits)
  return {
    name: 'edits',
    enforce: 'pre',
    transform(code, id) {
      const own = byFile.get(id)
      if (own === undefined) return undefined
      const lines = code.split('\n')
      // From the end: what was put in moves nothing that is still to come.
      for (const { line, column, text } of [...own].sort(byPlace).reverse()) {
        lines[line] = lines[line].slice(0, column) + text + lines[line].slice(column)
      }
      return { code: lines.join('\n'), map: null }
    },
  }
}

function groupByFile(edits) {
  const groups = new Map()
  for (const edit of edits) groups.set(edit.file, [...(groups.get(edit.file) ?? []), edit])
  return groups
}

const byPlace = (a, b) => a.line - b.line || a.column - b.column

/**
 * A statement more at the beginning of a function of the bundle, in the source that it was made of.
 *
 * @param {Bundle} bundle
 * @param {{ readonly position: number, readonly length: number }} fn
 * @param {string} text
 * @returns {(Edit & { readonly at: number }) | undefined} with the place in the bundle; undefined where it cannot be told
 */
export function editOf({ code, map }, { position, length }, text) {
  const source = code.slice(position, position + length)
  const head = /^\([^{}()]*\) ?(?:=> ?)?\{\s*/.exec(source)?.[0]
  if (head === undefined) return undefined
  const at = position + head.length
  // A directive has to stay the first, and an empty body has no statement to stand before.
  const token = /^[A-Za-z]+/.exec(code.slice(at, at + 40))?.[0]
  if (token === undefined) return undefined
  const line = code.slice(0, at).split('\n').length - 1
  const column = at - (code.lastIndexOf('\n', at - 1) + 1)
  const entry = map.findEntry(line, column)
  if (entry.generatedLine !== line || entry.generatedColumn !== column) return undefined
  const { originalSource: file, originalLine, originalColumn } = entry
  const original = readFileSync(file, 'utf8').split('\n')[originalLine] ?? ''
  if (!original.startsWith(token, originalColumn)) return undefined
  return { file, line: originalLine, column: originalColumn, text, at }
}
