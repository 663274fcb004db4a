import fc from 'fast-check'
import { expect, test } from 'vitest'
import { seededRandom, type Random } from './seeded-random.ts'
import { minClassifiedRounds, steadyStateOf, type SteadyState } from './steady-state.ts'

/** Level times noise of about 8 %, never far off. */
function roundsOf(
  random: Random,
  length: number,
  levelAt: (round: number) => number,
): readonly number[] {
  return Array.from({ length }, (_, round) => levelAt(round) * (0.85 + 0.3 * random()))
}

function classOf(levelAt: (round: number) => number, length = 200, seed = 5): SteadyState | null {
  return steadyStateOf(roundsOf(seededRandom(seed), length, levelAt))
}

test('a service that is as fast at first as at the end is flat, and steady from the first round', () => {
  expect(classOf(() => 3)).toMatchObject({ class: 'flat', steadyFrom: 0, timeToSteadyMs: 0 })
})

test('a warm-up ends in the round in which it ends, and the rounds before it are the time it took', () => {
  const rounds = roundsOf(seededRandom(5), 200, (round) => (round < 40 ? 9 : 3))
  const state = steadyStateOf(rounds)
  expect(state).toMatchObject({ class: 'warmup', steadyFrom: 40 })
  expect(state?.timeToSteadyMs).toBeCloseTo(
    rounds.slice(0, 40).reduce((sum, ms) => sum + ms, 0),
    9,
  )
  expect(state?.steadyLevelMs).toBeCloseTo(
    rounds.slice(40).reduce((sum, ms) => sum + ms, 0) / 160,
    9,
  )
})

test('one slow first round is a warm-up of few rounds, though its segment varies widely', () => {
  const state = classOf((round) => (round === 0 ? 150 : 3))
  expect(state?.class).toBe('warmup')
  expect(state?.steadyFrom).toBeGreaterThan(0)
  expect(state?.steadyFrom).toBeLessThanOrEqual(3)
})

test('a warm-up in steps, and one that fades out, are warm-ups', () => {
  const steps = classOf((round) => (round < 20 ? 9 : round < 60 ? 5 : 3))
  expect(steps).toMatchObject({ class: 'warmup', steadyFrom: 60 })
  const fading = classOf((round) => 3 + 60 * Math.exp(-round / 8))
  expect(fading?.class).toBe('warmup')
  // 5 % of the level are left after 48 rounds.
  expect(fading?.steadyFrom).toBeGreaterThan(15)
  expect(fading?.steadyFrom).toBeLessThan(60)
})

test('a service that gets slower is a slowdown, in spite of a warm-up before', () => {
  expect(classOf((round) => (round < 90 ? 2 : 3))).toMatchObject({
    class: 'slowdown',
    steadyFrom: 90,
  })
  expect(classOf((round) => (round < 3 ? 80 : round < 90 ? 2 : 3))?.class).toBe('slowdown')
})

test('a change in the last quarter leaves no steady state', () => {
  expect(classOf((round) => (round < 165 ? 6 : 3))).toMatchObject({
    class: 'no-steady-state',
    steadyFrom: null,
    steadyLevelMs: null,
    timeToSteadyMs: null,
  })
  expect(classOf((round) => (round % 60 < 30 ? 3 : 9))?.class).toBe('no-steady-state')
  expect(classOf((round) => (round < 140 ? 6 : 3))).toMatchObject({
    class: 'warmup',
    steadyFrom: 140,
  })
})

test('levels that differ by less than the tolerance are one', () => {
  const rounds = roundsOf(seededRandom(5), 4000, (round) => (round < 2000 ? 3.13 : 3))
  expect(steadyStateOf(rounds)).toMatchObject({ class: 'flat', steadyFrom: 0 })
  const strict = steadyStateOf(rounds, { tolerance: 0.01 })
  expect(strict?.class).toBe('warmup')
  expect(Math.abs((strict?.steadyFrom ?? 0) - 2000)).toBeLessThan(200)
})

test('a few slow rounds amid steady ones or at their end are an interruption, at the start they are warm-up', () => {
  const disturbed = (from: number): SteadyState | null =>
    classOf((round) => (round >= from && round < from + 8 ? 12 : 3))
  expect(disturbed(100)).toMatchObject({ class: 'flat', steadyFrom: 0 })
  expect(disturbed(60)).toMatchObject({ class: 'flat', steadyFrom: 0 })
  expect(disturbed(192)).toMatchObject({ class: 'flat', steadyFrom: 0 })
  expect(disturbed(0)).toMatchObject({ class: 'warmup', steadyFrom: 8 })
})

test('single pauses are no change, and count to the level', () => {
  const state = classOf((round) => (round % 25 === 24 ? 28 : 3))
  expect(state).toMatchObject({ class: 'flat', steadyFrom: 0 })
  expect(state?.steadyLevelMs).toBeGreaterThan(3.8)
})

test('too few rounds have no class, and as many as it takes have one', () => {
  expect(classOf(() => 3, minClassifiedRounds - 1)).toBeNull()
  expect(classOf(() => 3, minClassifiedRounds)?.class).toBe('flat')
  expect(classOf(() => 3, 3)).toBeNull()
  expect(steadyStateOf([])).toBeNull()
})

test('rounds that all take the same are flat', () => {
  expect(steadyStateOf(new Float64Array(100).fill(2))).toMatchObject({
    class: 'flat',
    steadyLevelMs: 2,
  })
  expect(steadyStateOf(new Float64Array(100))?.class).toBe('flat')
})

test('the unit makes no difference, and segments cover all rounds without a gap', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e6 }),
      fc.constantFrom(1e-3, 0.25, 1000),
      fc.integer({ min: 0, max: 120 }),
      (seed, scale, end) => {
        const rounds = roundsOf(seededRandom(seed), 160, (round) =>
          round % 31 === 30 ? 20 : round < end ? 5 : 3,
        )
        const plain = steadyStateOf(rounds)
        const scaled = steadyStateOf(rounds.map((ms) => ms * scale))
        expect(scaled?.class).toBe(plain?.class)
        expect(scaled?.steadyFrom).toBe(plain?.steadyFrom)
        const segments = plain?.segments ?? []
        expect(segments.map(({ from }) => from)).toEqual([
          0,
          ...segments.slice(0, -1).map(({ to }) => to),
        ])
        expect(segments.at(-1)?.to).toBe(160)
      },
    ),
    { numRuns: 60 },
  )
})
