import { expect, test } from 'vitest'
import type { ResultsRun } from '../../formats/results.ts'
import { progressOn } from './progress.ts'

const sample: ResultsRun = {
  arm: 'cold',
  run: 1,
  at: '2026-01-01T00:00:00.000Z',
  node: 'v24.0.0',
  timeToListenMs: 312,
  cpuMs: 1,
  rssBytes: 1,
  load1: null,
  sendDelayP99Ms: null,
  latenciesMs: Float64Array.of(20, 22, 1, 2),
  statuses: Uint16Array.of(200, 200, 200, 200),
  report: null,
}

function written(isTTY: boolean): string {
  let text = ''
  const progress = progressOn({ isTTY, write: (piece) => (text += piece) }, 3)
  progress.started(0, 'node-compile-cache')
  progress.started(1, 'cold')
  progress.finished(sample, 2)
  progress.say('Enough.')
  progress.clear()
  return text
}

test('writes a plain line for every finished run when nobody watches', () => {
  expect(written(false)).toBe(
    'run 1 of 3: cold, listening after 312 ms, first requests 42.0 ms\nEnough.\n',
  )
})

test('rewrites one line on a terminal, but for sentences, and leaves it empty', () => {
  const text = written(true)
  expect(text.split('\r\u001b[K')).toEqual([
    '',
    'node-compile-cache: filling its cache ...',
    'run 1 of 3: cold ...',
    'Enough.\n',
    '',
  ])
})
