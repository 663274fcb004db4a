import { expect, test } from 'vitest'
import {
  metricNames,
  type ArmReplay,
  type ArmSummary,
  type CompareReport,
  type MetricName,
} from '../../formats/compare-report.ts'
import { judge, parseExpression, type Judgement, type Subjects } from './expression.ts'

const subjects: Subjects = {
  arms: [
    { name: 'cold', kind: 'cold' },
    { name: 'node-compile-cache', kind: 'node-compile-cache' },
    { name: 'prewarm', kind: 'replay' },
    { name: 'short+1', kind: 'replay' },
    { name: 'own', kind: 'command' },
  ],
  against: undefined,
  hasBaseline: false,
}

const report: CompareReport = {
  schemaVersion: 1,
  node: 'v24.0.0',
  app: 'node app.js',
  runs: 10,
  rounds: 200,
  arms: [armOf('cold', 1000), armOf('prewarm', 2500)],
  ratios: [
    ratioOf('firstRequestSumMs', 0.14),
    { ...ratioOf('timeLost50Ms', 0), ratio: null, low: null, high: null },
  ],
  differences: [],
  requests: { list: ['GET /'], alsoRehearsed: 0 },
  replay: null,
  replays: [],
  curves: [],
  perRoute: [],
  verdict: '',
  warnings: [],
}

function armOf(name: string, value: number): ArmSummary {
  const estimate = { median: value, low: value, high: value }
  const metrics = Object.fromEntries(metricNames.map((metric) => [metric, estimate]))
  return { name, metrics: metrics as ArmSummary['metrics'] }
}

function ratioOf(metric: MetricName, ratio: number): CompareReport['ratios'][number] {
  return { arm: 'prewarm', against: 'cold', metric, ratio, low: ratio, high: ratio, pairs: 10 }
}

function judgeText(text: string, changes: Partial<CompareReport> = {}): Judgement {
  return judge(parseExpression(text, subjects), { ...report, ...changes })
}

test.each([
  ['prewarm.firstRequestSumMs/cold > 0.3', false],
  ['prewarm.firstRequestSumMs/cold>0.1', true],
  ['prewarm.firstRequestSumMs / cold <= 0.14', true],
  ['prewarm.timeToListenMs > 3000', false],
  ['prewarm.timeToListenMs > 2s', true],
  ['prewarm.timeToListenMs >= 2500ms', true],
  ['cold.rssBytes < 1MB', true],
  ['cold.steadySumMs == 1000', true],
  ['cold.steadySumMs != 1000', false],
  ['cold.timeLost10Ms < -5', false],
  ['prewarm.timeLost50Ms/cold > 9', true],
])('%s is missed: %s', (text, isMissed) => {
  expect(judgeText(text).isMissed).toBe(isMissed)
})

test('says what it found, with the interval of a ratio', () => {
  expect(judgeText('prewarm.firstRequestSumMs/cold > 0.3').found).toBe('0.14 (0.14-0.14)')
  expect(judgeText('prewarm.timeToListenMs > 2s').found).toBe('2500')
})

test('what was not measured does not pass', () => {
  for (const text of [
    'node-compile-cache.timeToListenMs > 99999',
    'prewarm.firstRequestSumMs/node-compile-cache > 9',
  ]) {
    expect(judgeText(text)).toMatchObject({ isMissed: true, found: 'not measured' })
  }
  expect(judgeText('prewarm.outcome == cold').isMissed).toBe(true)
})

test('the outcome of the replay can be asked for', () => {
  const replayOf = (arm: string, outcome: 'applied' | 'cold'): ArmReplay => ({
    arm,
    medianRounds: 0,
    summary: {
      outcome,
      reason: null,
      detail: '',
      coldRuns: 0,
      modulesCached: 0,
      modulesPreloaded: 0,
      requestsRehearsed: 0,
      rounds: 0,
      stopped: null,
      stages: [],
    },
    report: {} as ArmReplay['report'],
  })
  const replays = [replayOf('prewarm', 'cold'), replayOf('short+1', 'applied')]
  expect(judgeText('prewarm.outcome != applied', { replays })).toMatchObject({
    isMissed: true,
    found: 'cold',
  })
  expect(judgeText('prewarm.outcome == cold', { replays }).isMissed).toBe(true)
  expect(judgeText('short+1.outcome != applied', { replays }).isMissed).toBe(false)
})

test('arms that users define are named like the others, and ratios are those of the reference', () => {
  const text = 'short+1.cpuMs / node-compile-cache > 1'
  expect(() => parseExpression(text, subjects)).toThrow(
    expect.objectContaining({ message: expect.stringContaining('is not compared') as string }),
  )
  expect(parseExpression(text, { ...subjects, against: 'node-compile-cache' })).toMatchObject({
    arm: 'short+1',
    against: 'node-compile-cache',
  })
  expect(() =>
    parseExpression('prewarm.cpuMs/cold > 1', { ...subjects, against: 'short+1' }),
  ).toThrow(
    expect.objectContaining({
      hint: 'Ratios: cold/short+1, node-compile-cache/short+1, prewarm/short+1, own/short+1.',
    }),
  )
  expect(parseExpression('short+1.cpuMs/prewarm > 1', subjects)).toMatchObject({
    against: 'prewarm',
  })
})

test.each([
  ['', 'ARM.METRIC'],
  ['prewarm.firstRequestSumMs', 'ARM.METRIC'],
  ['prewarm.firstRequestSumMs = 3', 'ARM.METRIC'],
  ['warm.timeToListenMs > 3', '"warm" is not measured'],
  ['prewarm.speed > 3', 'no metric "speed"'],
  ['cold.timeToListenMs/prewarm > 3', 'cold/prewarm is not compared'],
  ['prewarm.timeToListenMs > soon', '"soon" is not a number'],
  ['prewarm.timeToListenMs > 3MB', 'timeToListenMs is not in MB'],
  ['prewarm.rssBytes > 3s', 'rssBytes is not in s'],
  ['prewarm.timeToListenMs/cold > 3s', 'a ratio has no unit'],
  ['prewarm.outcome > applied', 'an outcome is compared'],
  ['cold.outcome != applied', 'an outcome is compared'],
  ['prewarm.outcome != fine', 'an outcome is compared'],
  ['own.outcome != applied', 'an outcome is compared'],
  ['prewarm.cpuMs/baseline > 1', 'there is no baseline'],
])('refuses "%s" with a coded error', (text, message) => {
  expect(() => parseExpression(text, subjects)).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CLI_EXPRESSION',
      message: expect.stringContaining(message) as string,
    }),
  )
})

test('an arm is compared with what it was in the baseline', () => {
  const expression = parseExpression('prewarm.firstRequestSumMs/baseline > 1.2', {
    ...subjects,
    hasBaseline: true,
  })
  const ratio = { ...ratioOf('firstRequestSumMs', 1.3), against: 'baseline' }
  const baseline = { name: 'main.jsonl', runs: 10, ratios: [ratio] }
  expect(judge(expression, { ...report, baseline })).toMatchObject({
    isMissed: true,
    found: '1.30 (1.30-1.30)',
  })
  const without = { ...baseline, ratios: [] }
  expect(judge(expression, { ...report, baseline: without })).toMatchObject({
    isMissed: true,
    found: 'not measured',
  })
})
