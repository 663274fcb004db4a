import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { liveLimits, parseLiveLines, type LiveLine } from '../../formats/live.ts'
import type { GuardReport, RunReport } from '../../formats/report.ts'
import { LiveFile } from './live-file.ts'
import { Live } from './live.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-live-'))
})
afterEach(() => {
  vi.useRealTimers()
  rmSync(folder, { recursive: true })
})

function textIn(place = folder): string {
  const [name = '', ...others] = readdirSync(place)
  expect(others).toEqual([])
  return readFileSync(path.join(place, name), 'utf8')
}

const listen = (ms: number): LiveLine => ({ type: 'listen', ms })
const end: LiveLine = { type: 'end', ms: 9, why: 'exit', code: 0 }

const head = { prewarm: '0', mode: 'auto', profile: null, budgetMs: 0 } as const
const tiers = { functions: 0, polls: 0, pollsWithTraffic: 0, falls: 0, fallen: [], undone: 0 }

describe('the file', () => {
  it('has every line once and in order when the process exits in the middle of a write', async () => {
    const file = new LiveFile(folder)
    file.add(listen(1))
    file.open()
    file.flush()
    file.add(listen(2))
    file.endNow(end)
    expect(parseLiveLines(textIn())).toEqual([listen(1), listen(2), end])
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(parseLiveLines(textIn())).toEqual([listen(1), listen(2), end])
  })

  it('is for its owner alone, in a folder that is made for it', () => {
    const place = path.join(folder, 'deep', 'live')
    const file = new LiveFile(place)
    file.open()
    const [name = ''] = readdirSync(place)
    expect(statSync(path.join(place, name)).mode & 0o777).toBe(0o600)
    expect(statSync(place).mode & 0o777).toBe(0o700)
  })

  it('takes no line that it has no room for, but its last one', () => {
    const file = new LiveFile(folder)
    const detail = 'ü'.repeat(liveLimits.textLength)
    const line: LiveLine = { type: 'state', ms: 1, state: 'open', reason: null, detail }
    let count = 0
    while (file.add(line)) count++
    expect(count).toBeGreaterThan(1900)
    file.open()
    file.endNow(end)
    const text = textIn()
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(liveLimits.fileBytes)
    expect(Buffer.byteLength(text)).toBeGreaterThan(liveLimits.fileBytes - 4096)
    expect(parseLiveLines(text)).toHaveLength(count + 1)
    expect(parseLiveLines(text).at(-1)).toEqual(end)
  })

  it('is never that of another process', () => {
    new LiveFile(folder).open()
    const [name = ''] = readdirSync(folder)
    writeFileSync(path.join(folder, name), 'theirs')
    const file = new LiveFile(folder)
    file.open()
    expect(file.hasFailed).toBe(true)
    file.flush()
    file.endNow(end)
    expect(textIn()).toBe('theirs')
  })
})

it('tells every verdict once', () => {
  const guard: GuardReport = {
    ...{ state: 'watching', inForce: [], trouble: null, tiers, verdicts: [] },
    latency: { verdict: 'undecided', routes: 0, requests: 0, exceeded: 0, slowRoutes: [] },
  }
  const [fell, slow] = [
    { reason: 'TIER_UP_OFF', detail: 'All fell.' },
    { reason: 'HARMFUL', detail: 'Slow.' },
  ] as const
  const live = new Live(folder, head)
  live.open()
  for (const verdicts of [[], [fell], [fell], [fell, slow]]) {
    const report = { guard: { ...guard, verdicts } } as unknown as RunReport
    live.status({ state: 'open', reason: null, detail: '', report })
  }
  const onExit = process.listeners('exit').at(-1)
  onExit?.(3)
  if (onExit !== undefined) process.off('exit', onExit)
  const lines = parseLiveLines(textIn())
  expect(lines.map(({ type }) => type)).toEqual(['start', 'state', 'guard', 'guard', 'end'])
  expect(lines.slice(2, 4)).toMatchObject([fell, slow])
  expect(lines.at(-1)).toMatchObject({ why: 'exit', code: 3 })
})

it('ends five minutes after the opening, and leaves nothing behind', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  let now = performance.now()
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now)
  const pass = (seconds: number): void => {
    for (let quarter = 0; quarter < 4 * seconds; quarter++) {
      now += 250
      vi.advanceTimersByTime(250)
    }
  }
  const listeners = process.listenerCount('exit')
  const live = new Live(folder, head)
  live.open()
  pass(100)
  live.status({ state: 'open', reason: null, detail: '', report: null })
  pass(299)
  expect(process.listenerCount('exit')).toBe(listeners + 1)
  pass(3)
  expect(process.listenerCount('exit')).toBe(listeners)
  expect(vi.getTimerCount()).toBe(0)
  live.status({ state: 'cold', reason: 'INTERNAL_ERROR', detail: '', report: null })
  clock.mockRestore()
  vi.useRealTimers()
  await vi.waitFor(() => {
    expect(parseLiveLines(textIn()).map(({ type }) => type)).toEqual(['start', 'state', 'end'])
  })
  expect(parseLiveLines(textIn()).at(-1)).toMatchObject({ why: 'time', code: null })
})
