import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeProfile } from '../codec.ts'
import { readFileSync } from 'node:fs'
import type { Distribution } from '../profile.ts'
import { combine } from './distribution.ts'
import type { Group } from './unite.ts'

const profile = decodeProfile(
  readFileSync(new URL('../fixtures/v1/small.prewarm', import.meta.url)),
)

function combined(...found: readonly (readonly [Distribution, weight?: number])[]): Distribution {
  const group = found.map(([entry, weight = 1], index) => ({
    of: { name: '', digest: '', profile, weight },
    index,
    entry,
  })) as unknown as Group<Distribution>
  return combine(group, (entry) => entry)
}

function summaryOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * sorted.length)] ?? 0
  return {
    count: sorted.length,
    meanMs: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    maxMs: sorted.at(-1) ?? 0,
  }
}

const evenly = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + ((to - from) * (index + 0.5)) / count)

test('count, mean and largest are exact', () => {
  const values = [evenly(1, 9, 30), evenly(4, 50, 70)] as const
  const all = summaryOf(values.flat())
  const { count, meanMs, maxMs } = combined([summaryOf(values[0])], [summaryOf(values[1])])
  expect({ count, maxMs }).toEqual({ count: all.count, maxMs: all.maxMs })
  expect(meanMs).toBeCloseTo(all.meanMs, 9)
})

test('quantiles of what is spread evenly are those of all values together', () => {
  const values = [evenly(0, 10, 1000), evenly(0, 40, 3000)] as const
  const all = summaryOf(values.flat())
  const found = combined([summaryOf(values[0])], [summaryOf(values[1])])
  for (const name of ['p50Ms', 'p90Ms', 'p99Ms'] as const)
    expect(Math.abs(found[name] / all[name] - 1)).toBeLessThan(0.01)
})

test('a weight counts like as many requests', () => {
  const fast = summaryOf(evenly(0, 10, 100))
  const slow = summaryOf(evenly(0, 80, 100))
  const weighted = combined([fast, 3], [slow])
  const repeated = combined([fast], [fast], [fast], [slow])
  expect(weighted.count).toBe(400)
  for (const name of ['meanMs', 'p50Ms', 'p90Ms', 'p99Ms', 'maxMs'] as const)
    expect(weighted[name]).toBeCloseTo(repeated[name], 9)
})

test('one without requests counts for nothing', () => {
  const none = { count: 0, meanMs: 0, p50Ms: 0, p90Ms: 0, p99Ms: 0, maxMs: 0 }
  const some = summaryOf([3, 4, 5])
  expect(combined([none], [some])).toEqual(some)
  expect(combined([none], [none])).toEqual(none)
})

test('quantiles lie between those that were recorded, and are ascending', () => {
  const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 50 })
  fc.assert(
    fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (lists) => {
      const parts = lists.map(summaryOf)
      const found = combined(...parts.map((part) => [part] as const))
      for (const name of ['meanMs', 'p50Ms', 'p90Ms', 'p99Ms', 'maxMs'] as const) {
        const recorded = parts.map((part) => part[name])
        expect(found[name]).toBeGreaterThanOrEqual(Math.min(...recorded))
        expect(found[name]).toBeLessThanOrEqual(Math.max(...recorded))
      }
      const { p50Ms, p90Ms, p99Ms, maxMs } = found
      expect([p50Ms, p90Ms, p99Ms, maxMs]).toEqual(
        [p50Ms, p90Ms, p99Ms, maxMs].sort((a, b) => a - b),
      )
    }),
  )
})
