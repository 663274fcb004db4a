import { expect, test } from 'vitest'
import { examplePlan, exampleResults, exampleRun } from '../../formats/fixtures/example-results.ts'
import { renderCompareCsv } from './compare-csv.ts'

test('has a row for every start, in the order of the runs', () => {
  expect(renderCompareCsv(exampleResults).replaceAll('\r\n', '\n')).toMatchInlineSnapshot(`
    "arm,kind,run,at,node,timeToListenMs,firstRequestSumMs,timeLost10Ms,timeLost50Ms,timeLost200Ms,timeLost10PooledMs,timeLost50PooledMs,timeLost200PooledMs,p99First10Ms,steadySumMs,cpuMs,rssBytes,load1,sendDelayP99Ms,clientCores,outcome
    cold,cold,1,2026-01-01T00:00:01.000Z,v24.0.0,100,41,38,38,38,38,38,38,20.95,3,900,80000000,0.5,,,
    prewarm,replay,1,2026-01-01T00:00:01.000Z,v24.0.0,100,5,2,2,2,2,2,2,2.95,3,900,80000000,0.5,,,applied
    cold,cold,2,2026-01-01T00:00:02.000Z,v24.0.0,100,42,39,39,39,39,39,39,21.9,3,900,80000000,0.5,,,
    prewarm,replay,2,2026-01-01T00:00:02.000Z,v24.0.0,100,6,3,3,3,3,3,3,3.9,3,900,80000000,0.5,,,applied
    cold,cold,3,2026-01-01T00:00:03.000Z,v24.0.0,100,43,40,40,40,40,40,40,22.85,3,900,80000000,0.5,,,
    prewarm,replay,3,2026-01-01T00:00:03.000Z,v24.0.0,100,7,4,4,4,4,4,4,4.85,3,900,80000000,0.5,,,applied
    "
  `)
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
