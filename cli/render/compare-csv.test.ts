import { expect, test } from 'vitest'
import {
  examplePlan,
  exampleResults,
  exampleRun,
} from '../../formats/fixtures/example-results.ts'
import { renderCompareCsv } from './compare-csv.ts'

test('has a row for every start, in the order of the runs', () => {
  expect(renderCompareCsv(exampleResults).replaceAll('\r\n', '\n')).toMatchInlineSnapshot()
})

test('text is quoted, and no cell is taken for a formula', () => {
  const named = (arm: string): ReturnType<typeof exampleRun> => ({
    ...exampleRun('cold', 1),
    arm,
    node: 'v24.0.0, "patched"',
  })
  const names = ['-1+2', '=HYPERLINK("http://example")', '@sum', 'a,b']
  const arms = names.map((name) => ({
    name,
    kind: 'cold' as const,
    mayStayCold: 'yes' as const,
    setting: '',
  }))
  const csv = renderCompareCsv({
    plan: { ...examplePlan, arms },
    runs: names.map(named),
    leftOut: [],
  })
  expect(csv.split('\r\n').map((line) => line.split(',cold,')[0])).toEqual([
    expect.stringMatching(/^arm,kind,run/),
    "'-1+2",
    `"'=HYPERLINK(""http://example"")"`,
    "'@sum",
    '"a,b"',
    '',
  ])
  expect(csv).toContain(',"v24.0.0, ""patched""",')
})

test('a run that not all arms have is left out, as in the report', () => {
  const runs = exampleResults.runs.slice(0, 5)
  expect(renderCompareCsv({ ...exampleResults, runs }).split('\r\n')).toHaveLength(1 + 4 + 1)
})
