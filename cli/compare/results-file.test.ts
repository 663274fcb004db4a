import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { examplePlan as plan, exampleRun } from '../../formats/fixtures/example-results.ts'
import { formatPlan, formatRun, parseResults } from '../../formats/results.ts'
import { openResultsFile, readResultsFile, type SaveOptions } from './results-file.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-test-'))
  file = path.join(folder, 'results.jsonl')
})

afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function open(how: Partial<SaveOptions> = {}, wanted = plan): ReturnType<typeof openResultsFile> {
  return openResultsFile({ file, force: false, resume: false, ...how }, wanted)
}

const coldRun = exampleRun('cold', 1)
const prewarmRun = exampleRun('prewarm', 1)

/** A measurement that broke off in the middle of a line. */
function breakOff(): void {
  writeFileSync(file, formatPlan(plan) + formatRun(coldRun) + formatRun(prewarmRun).slice(0, 50))
}

test('the plan and every line are in the file as soon as they are added', () => {
  const results = open()
  expect(parseResults(readFileSync(file, 'utf8'))).toEqual({ plan, runs: [], leftOut: [] })
  results.addRun(coldRun)
  expect(readResultsFile(file).runs).toEqual([coldRun])
  results.addLeftOut({ arm: 'prewarm', why: 'no reason' })
  expect(readResultsFile(file).leftOut).toEqual([{ arm: 'prewarm', why: 'no reason' }])
  results.close()
})

test('a file that exists is neither overwritten nor continued unless that is asked for', () => {
  writeFileSync(file, 'precious')
  expect(() => open()).toThrow(expect.objectContaining({ code: 'ERR_PREWARM_CLI_EXISTS' }))
  expect(readFileSync(file, 'utf8')).toBe('precious')
  open({ force: true }).close()
  expect(readResultsFile(file).plan).toEqual(plan)
})

test('resuming cuts a torn last line off and gives the finished starts back', () => {
  breakOff()
  const results = open({ resume: true })
  expect(results.earlier.runs).toEqual([coldRun])
  results.addRun(prewarmRun)
  results.close()
  expect(readFileSync(file, 'utf8')).toBe(
    formatPlan(plan) + formatRun(coldRun) + formatRun(prewarmRun),
  )
})

test('resuming may ask for more runs, and then the plan says so', () => {
  breakOff()
  const results = open({ resume: true }, { ...plan, runs: 9, seed: 7, createdAt: 'now' })
  results.addRun(prewarmRun)
  results.close()
  expect(readResultsFile(file)).toEqual({
    plan: { ...plan, runs: 9, seed: 7 },
    runs: [coldRun, prewarmRun],
    leftOut: [],
  })
  expect(readdirSync(folder)).toEqual(['results.jsonl'])
})

test('a file of another measurement is left as it is, and the difference is named', () => {
  breakOff()
  const before = readFileSync(file, 'utf8')
  expect(() => open({ resume: true }, { ...plan, rounds: 5 })).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CLI_RESULTS',
      message: expect.stringContaining('rounds: 3 there, 5 here') as string,
    }),
  )
  expect(readFileSync(file, 'utf8')).toBe(before)
  writeFileSync(file, 'something else\n')
  expect(() => open({ resume: true })).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_FMT_INVALID',
      message: expect.stringContaining(file) as string,
    }),
  )
  expect(readFileSync(file, 'utf8')).toBe('something else\n')
})

test('resuming a file that is not there, or was never begun, begins it', () => {
  open({ resume: true }).close()
  expect(readResultsFile(file).plan).toEqual(plan)
  writeFileSync(file, '')
  open({ resume: true }).close()
  expect(readResultsFile(file).plan).toEqual(plan)
})

test('a folder that is not there, and a disk that is too small, are told before anything is written', () => {
  const missing = path.join(folder, 'none', 'results.jsonl')
  expect(() => open({ file: missing })).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CLI_WRITE',
      message: expect.stringContaining('there is no such folder') as string,
    }),
  )
  const huge = { ...plan, runs: 1e9, rounds: 10_000 }
  expect(() => open({}, huge)).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CLI_WRITE',
      message: expect.stringMatching(/may need .*, and .* are free/) as string,
    }),
  )
  expect(existsSync(file)).toBe(false)
})

test.runIf(existsSync('/dev/full'))('a full disk is a coded error before the first start', () => {
  expect(() => open({ file: '/dev/full', force: true })).toThrow(
    expect.objectContaining({
      code: 'ERR_PREWARM_CLI_WRITE',
      message: 'Cannot write /dev/full: no space is left',
    }),
  )
})

test('what cannot be read is a coded error', () => {
  const codeOf = (name: string): unknown => {
    try {
      return readResultsFile(path.join(folder, name))
    } catch (error) {
      return (error as { readonly code?: unknown }).code
    }
  }
  expect(codeOf('none')).toBe('ERR_PREWARM_FMT_UNREADABLE')
  expect(codeOf('.')).toBe('ERR_PREWARM_FMT_UNREADABLE')
  appendFileSync(file, formatPlan({ ...plan, schemaVersion: 2 }))
  expect(codeOf('results.jsonl')).toBe('ERR_PREWARM_FMT_VERSION')
})
