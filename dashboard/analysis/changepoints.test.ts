import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { changepoints, varianceFloor } from './changepoints.ts'
import { seededRandom, type Random } from './seeded-random.ts'

interface Vector {
  readonly name: string
  readonly changepoints: readonly number[]
  readonly values: readonly number[]
}

const vectors = JSON.parse(
  readFileSync(new URL('fixtures/changepoints.json', import.meta.url), 'utf8'),
) as readonly Vector[]

/** Twice the negative log likelihood without its constant part, each variance from its own values. */
function costOf(values: readonly number[], floor: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  const variance = Math.max(spread, floor)
  return values.length * (Math.log(variance) + spread / variance)
}

function floorOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return (
    (varianceFloor * values.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / values.length
  )
}

function totalCost(values: readonly number[], starts: readonly number[], penalty: number): number {
  const floor = floorOf(values)
  const all = [0, ...starts]
  return all.reduce(
    (sum, start, index) => sum + costOf(values.slice(start, all[index + 1]), floor) + penalty,
    -penalty,
  )
}

/** Every start for every end, no pruning. */
function leastCost(values: readonly number[], penalty: number, minSegment: number): number {
  const floor = floorOf(values)
  const best = [-penalty]
  for (let end = 1; end <= values.length; end++) {
    best[end] = Infinity
    for (let start = 0; start <= end - minSegment; start++) {
      const cost = (best[start] ?? NaN) + costOf(values.slice(start, end), floor) + penalty
      if (cost < (best[end] ?? NaN)) best[end] = cost
    }
  }
  return best[values.length] ?? NaN
}

/** Segments of random level, spread and length. */
function randomSeries(random: Random, length: number): readonly number[] {
  let level = 1
  let spread = 0.1
  return Array.from({ length }, () => {
    if (random() < 0.06) {
      level = 1 + 10 * random()
      spread = 0.05 + random()
    }
    return level + spread * (random() + random() + random() - 1.5)
  })
}

test.each(vectors)('finds what optimal partitioning in numpy finds: $name', (vector) => {
  expect(changepoints(vector.values)).toEqual(vector.changepoints)
})

test('is as good as trying every segmentation, whatever penalty and shortest segment', () => {
  const random = seededRandom(7)
  let found = 0
  for (let trial = 0; trial < 150; trial++) {
    const values = randomSeries(random, 5 + Math.floor(random() * 90))
    const minSegment = 2 + Math.floor(random() * 6)
    const penalty = [0.5, 3, 10, 30][Math.floor(random() * 4)] ?? 3
    const starts = changepoints(values, { penalty, minSegment })
    found += starts.length
    const ends = [...starts, values.length]
    expect(
      Math.min(...ends.map((end, index) => end - (starts[index - 1] ?? 0))),
    ).toBeGreaterThanOrEqual(Math.min(minSegment, values.length))
    if (values.length < 2 * minSegment) expect(starts).toEqual([])
    else {
      const least = leastCost(values, penalty, minSegment)
      expect(totalCost(values, starts, penalty)).toBeCloseTo(least, 4)
    }
  }
  expect(found).toBeGreaterThan(200)
})

test('is as good as that on any small series, ties and repeated values among them', () => {
  const values = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 4, maxLength: 24 })
  fc.assert(
    fc.property(values, fc.constantFrom(1, 8, 40), (series, penalty) => {
      const starts = changepoints(series, { penalty })
      if (new Set(series).size === 1) expect(starts).toEqual([])
      else expect(totalCost(series, starts, penalty)).toBeCloseTo(leastCost(series, penalty, 2), 3)
    }),
    { numRuns: 300 },
  )
})

test('neither the unit nor what is added to every value makes a difference', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.constantFrom(1e-6, 0.5, 1e3, 1e9),
      fc.integer({ min: -1000, max: 1000 }),
      (seed, scale, shift) => {
        const values = randomSeries(seededRandom(seed), 120)
        const plain = changepoints(values)
        expect(changepoints(values.map((value) => (value + shift) * scale))).toEqual(plain)
      },
    ),
    { numRuns: 40 },
  )
})

test('a series read backwards has the same cost', () => {
  const random = seededRandom(11)
  for (let trial = 0; trial < 30; trial++) {
    const values = randomSeries(random, 80)
    const back = values.toReversed()
    expect(totalCost(back, changepoints(back, { penalty: 20 }), 20)).toBeCloseTo(
      totalCost(values, changepoints(values, { penalty: 20 }), 20),
      6,
    )
  }
})

test('what is constant, or too short for two segments, has no changes', () => {
  for (const values of [[], [1], [1, 9], [1, 9, 1], new Array<number>(500).fill(0.1)]) {
    expect(changepoints(values)).toEqual([])
  }
})

test('ten thousand rounds without a change, of which nothing can be dropped, are found to have none', () => {
  const random = seededRandom(3)
  expect(changepoints(Float64Array.from({ length: 10_000 }, () => 1 + random()))).toEqual([])
})

test('a change in ten thousand rounds is found where it is, beside a first round that is 10,000 times as slow', () => {
  const random = seededRandom(4)
  const values = Float64Array.from({ length: 10_000 }, (_, round) =>
    round === 0 ? 20_000 : (round < 6000 ? 2 : 2.4) + 0.2 * random(),
  )
  const starts = changepoints(values)
  expect(starts).toContain(6000)
  expect(starts.length).toBeLessThanOrEqual(3)
})
