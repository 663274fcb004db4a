import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { evaluate } from '../../dashboard/analysis/evaluate.ts'
import { exampleResults } from '../../formats/fixtures/example-results.ts'
import { formatPlan, formatRun } from '../../formats/results.ts'
import { readBaseline } from './baseline-file.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'prewarm-test-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function read(content: string): ReturnType<typeof readBaseline> {
  const file = path.join(folder, 'baseline')
  writeFileSync(file, content)
  return readBaseline(file)
}

const { plan, runs } = exampleResults
const report = evaluate(exampleResults)

test('takes the results of --save, and the report of --json', () => {
  expect(read(formatPlan(plan) + runs.map(formatRun).join(''))).toMatchObject({
    kind: 'results',
    results: exampleResults,
  })
  // As 0.1.0 wrote it; what is undefined is not in JSON.
  const older = { ...report, load: undefined, machine: undefined, otherNodes: undefined }
  for (const each of [report, older]) {
    expect(read(JSON.stringify(each))).toMatchObject({ kind: 'report', report: { runs: 3 } })
  }
})

test.each([
  ['', 'ERR_PREWARM_FMT_INVALID', 'neither results nor a report'],
  ['[]', 'ERR_PREWARM_FMT_INVALID', 'expected a map'],
  [
    JSON.stringify({ ...report, arms: [{ name: 'a' }] }),
    'ERR_PREWARM_FMT_INVALID',
    'arms[0].metrics',
  ],
  [JSON.stringify({ ...report, schemaVersion: 2 }), 'ERR_PREWARM_FMT_VERSION', 'version 2'],
  [formatPlan(plan), 'ERR_PREWARM_CLI_RESULTS', 'no run of it is complete'],
  [formatPlan({ ...plan, schemaVersion: 2 }), 'ERR_PREWARM_FMT_VERSION', 'version 2'],
])('refuses %j', (content, code, message) => {
  expect(() => read(content)).toThrow(
    expect.objectContaining({
      code,
      message: expect.stringContaining(message) as string,
      hint: expect.any(String) as string,
    }),
  )
})

test('a file that is not there is a coded error', () => {
  expect(() => readBaseline(path.join(folder, 'none'))).toThrow(
    expect.objectContaining({ code: 'ERR_PREWARM_FMT_UNREADABLE' }),
  )
})
