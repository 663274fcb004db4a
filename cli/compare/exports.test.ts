import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exampleResults } from '../../formats/fixtures/example-results.ts'
import { appendExport, checkExports, writeExports, type Export } from './exports.ts'
import { outcomeOf } from './outcome.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'prewarm-test-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const outcome = outcomeOf(exampleResults, [], null)
const inFolder = (name: string): string => path.join(folder, name)

test('an export is a format, alone or with a file', () => {
  const exports = appendExport('csv=a=b.csv', appendExport('md'))
  expect(exports).toEqual([
    { format: 'md', file: null },
    { format: 'csv', file: 'a=b.csv' },
  ])
  for (const text of ['', 'pdf', 'csv=', '=a.csv', 'toString=a']) {
    expect(() => appendExport(text)).toThrow(
      expect.objectContaining({ code: 'commander.invalidArgument' }),
    )
  }
})

test.each<[readonly Export[], boolean, string]>([
  [
    [
      { format: 'csv', file: null },
      { format: 'md', file: null },
    ],
    false,
    'ERR_PREWARM_CLI_USAGE',
  ],
  [[{ format: 'csv', file: null }], true, 'ERR_PREWARM_CLI_USAGE'],
  [
    [
      { format: 'csv', file: 'a' },
      { format: 'md', file: './a' },
    ],
    false,
    'ERR_PREWARM_CLI_USAGE',
  ],
  [[{ format: 'csv', file: inFolder('none/a.csv') }], false, 'ERR_PREWARM_CLI_WRITE'],
  [[{ format: 'csv', file: folder }], false, 'ERR_PREWARM_CLI_WRITE'],
])('refuses %j before anything is measured', (exports, isJson, code) => {
  expect(() => {
    checkExports(exports, isJson)
  }).toThrow(expect.objectContaining({ code }))
})

test('no export takes the place of a file that is read or kept', () => {
  const kept = inFolder('kept.jsonl')
  writeFileSync(kept, '')
  symlinkSync(kept, inFolder('link'))
  for (const file of [kept, inFolder('link')]) {
    expect(() => {
      checkExports([{ format: 'csv', file }], false, ['other', path.relative('.', kept)])
    }).toThrow(expect.objectContaining({ code: 'ERR_PREWARM_CLI_USAGE' }))
  }
})

test('every format is written, and one of them may go to stdout', async () => {
  const formats = ['csv', 'json', 'junit', 'html'] as const
  const exports = formats.map((format) => ({ format, file: inFolder(`all.${format}`) }))
  let printed = ''
  await writeExports([...exports, { format: 'md', file: null }], outcome, (text) => {
    printed += text
  })
  expect(printed).toMatch(/^### /)
  const beginnings = exports.map(({ file }) => readFileSync(file, 'utf8').slice(0, 9))
  expect(beginnings).toEqual(['arm,kind,', '{\n  "sche', '<?xml ver', '<!doctype'])
})

test('one file that cannot be written does not cost the others', async () => {
  const exports: readonly Export[] = [
    { format: 'csv', file: inFolder('none/a.csv') },
    { format: 'json', file: inFolder('a.json') },
  ]
  await expect(writeExports(exports, outcome, () => undefined)).rejects.toMatchObject({
    code: 'ERR_PREWARM_CLI_WRITE',
  })
  expect(existsSync(inFolder('a.json'))).toBe(true)
})
