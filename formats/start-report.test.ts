import { expect, test } from 'vitest'
import { startReport } from './fixtures/start-report.ts'
import { looksLikeStartReport, parseStartReport, type StartReport } from './start-report.ts'

function codeOf(value: unknown): string {
  try {
    parseStartReport(typeof value === 'string' ? value : JSON.stringify(value))
    return 'none'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('a report comes back as it was written', () => {
  const text = JSON.stringify(startReport)
  expect(looksLikeStartReport(text)).toBe(true)
  expect(parseStartReport(text)).toEqual(startReport)
})

test('what is none is refused', () => {
  const [cold] = startReport.arms
  const withModule = (rest: object): StartReport['arms'] =>
    cold === undefined ? [] : ([{ ...cold, modules: [{ ...cold.modules[0], ...rest }] }] as never)
  expect(codeOf('{"type":"prewarm-st')).toBe('ERR_PREWARM_FMT_INVALID')
  expect(codeOf('null')).toBe('ERR_PREWARM_FMT_INVALID')
  expect(codeOf({ ...startReport, type: 'other' })).toBe('ERR_PREWARM_FMT_INVALID')
  expect(codeOf({ ...startReport, schemaVersion: 2 })).toBe('ERR_PREWARM_FMT_VERSION')
  expect(codeOf({ ...startReport, arms: withModule({ compileMs: -1 }) })).toBe(
    'ERR_PREWARM_FMT_INVALID',
  )
})

test('indices that lead nowhere are refused', () => {
  const [cold] = startReport.arms
  const modules = cold?.modules.map((module) => ({ ...module, requester: 2 }))
  expect(codeOf({ ...startReport, arms: [{ ...cold, modules }] })).toBe('ERR_PREWARM_FMT_INVALID')
  const lazy = { ...startReport.lazy, modules: [{ ...startReport.lazy?.modules[0], module: 2 }] }
  expect(codeOf({ ...startReport, lazy })).toBe('ERR_PREWARM_FMT_INVALID')
})

test('more than anybody has is refused before it is looked at', () => {
  const advice = Array.from({ length: 11 }, () => startReport.advice[0])
  expect(codeOf({ ...startReport, advice })).toBe('ERR_PREWARM_FMT_LIMIT')
})
