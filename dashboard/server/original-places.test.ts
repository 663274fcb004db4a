import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'
import { sha256 } from '../../formats/hash.ts'
import type { ModuleRecord } from '../../formats/profile.ts'
import { originalPlaces } from './original-places.ts'

const root = mkdtempSync(path.join(os.tmpdir(), 'prewarm-places-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const source = `interface Line {
  readonly price: number
}

export function total(lines: readonly Line[]): number {
  return lines.reduce(
    (sum, { price }) => sum + price,
    0,
  )
}
`

/** Compiles the source to `dist/<name>.js` as TypeScript does. */
function compile(name: string, options: ts.CompilerOptions): ModuleRecord {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    fileName: `../src/${name}.ts`,
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, ...options },
  })
  mkdirSync(path.join(root, 'dist'), { recursive: true })
  writeFileSync(path.join(root, 'dist', `${name}.js`), outputText)
  if (sourceMapText !== undefined) {
    const map = { ...(JSON.parse(sourceMapText) as object), sources: [`../src/${name}.ts`] }
    writeFileSync(path.join(root, 'dist', `${name}.js.map`), JSON.stringify(map))
  }
  return recordOf(`dist/${name}.js`, outputText)
}

function recordOf(file: string, text: string): ModuleRecord {
  return {
    id: file,
    path: file,
    format: 'cjs',
    sourceHash: sha256(text),
    sourceLength: text.length,
    phase: 'startup',
    selfMs: null,
    totalMs: null,
    requester: null,
    cacheBytes: 0,
  }
}

/** Where the parentheses of `total` and of the arrow in it are. */
const inOutput = [
  { module: 0, line: 4, column: 15 },
  { module: 0, line: 5, column: 25 },
]

it('a map beside the module tells where its functions were written', async () => {
  const module = compile('beside', { sourceMap: true })
  expect(await originalPlaces(inOutput, [module], root)).toEqual([
    'src/beside.ts:5',
    'src/beside.ts:7',
  ])
})

it('and so does one inside of it', async () => {
  const module = compile('inside', { inlineSourceMap: true })
  const places = await originalPlaces(inOutput, [module], root)
  expect(places.map((place) => place?.replace(/.*\//, ''))).toEqual(['inside.ts:5', 'inside.ts:7'])
})

it('nothing is told without a map, of another version of the module, or of what is not in the map', async () => {
  const plain = compile('plain', {})
  expect(await originalPlaces(inOutput, [plain], root)).toEqual([null, null])
  const known = compile('known', { sourceMap: true })
  const changed = { ...known, sourceHash: sha256('another text') }
  expect(await originalPlaces(inOutput, [changed], root)).toEqual([null, null])
  const beyond = [{ module: 0, line: 400, column: 1 }]
  expect(await originalPlaces(beyond, [known], root)).toEqual([null])
  rmSync(path.join(root, 'dist', 'known.js.map'))
  expect(await originalPlaces(inOutput, [known], root)).toEqual([null, null])
})
