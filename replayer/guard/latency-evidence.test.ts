import { describe, expect, it } from 'vitest'
import type { Distribution } from '../../formats/profile.ts'
import type { LatencyCounts } from '../../formats/report.ts'
import { LatencyEvidence, limitOf, type Sample } from './latency-evidence.ts'
import { weightsOf } from './sequential-test.ts'

/** Mulberry32 (Tommy Ettinger, 2017, public domain): the same numbers on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const test = { harmlessShare: 0.1, harmfulShare: 0.5, falseAlarms: 0.01, misses: 0.05 }

/** How many of `runs` sequences of outcomes with that share reach the bound of harm within 200 outcomes. */
function alarms(share: number, runs: number): number {
  const { exceeded, kept, harmful } = weightsOf(test)
  const random = seededRandom(42)
  let count = 0
  for (let run = 0; run < runs; run++) {
    let score = 0
    for (let outcome = 0; outcome < 200 && score < harmful; outcome++) {
      score += random() < share ? exceeded : kept
    }
    if (score >= harmful) count++
  }
  return count
}

describe('the sequential test', () => {
  it('weighs an outcome by the ratio of its likelihoods', () => {
    const { exceeded, kept, harmful, harmless } = weightsOf(test)
    expect(Math.exp(exceeded)).toBeCloseTo(5)
    expect(Math.exp(kept)).toBeCloseTo(0.5 / 0.9)
    expect(Math.exp(harmful)).toBeCloseTo(100)
    expect(Math.exp(harmless)).toBeCloseTo(0.05)
  })

  it('looks after every outcome and still keeps its false alarms', () => {
    // 1 % is the bound; overshooting it makes them fewer.
    expect(alarms(0.1, 20_000)).toBeLessThan(200)
    expect(alarms(0.1, 20_000)).toBeGreaterThan(20)
    expect(alarms(0.05, 20_000)).toBeLessThan(10)
  })

  it('finds what it is to find', () => {
    expect(alarms(0.5, 2000)).toBe(2000)
  })
})

const distribution = (count: number, p50Ms: number, p90Ms: number): Distribution => {
  return { count, meanMs: p50Ms, p50Ms, p90Ms, p99Ms: p90Ms, maxMs: p90Ms }
}

describe('the limit of a route', () => {
  it('is how much slower cold requests were than steady ones', () => {
    expect(limitOf(distribution(10, 8, 40), distribution(256, 2, 3))).toBe(20)
  })

  it('is not within what steady requests do, nor within noise', () => {
    expect(limitOf(distribution(10, 2, 2), distribution(256, 2, 16))).toBe(8)
    expect(limitOf(distribution(10, 2, 2.5), distribution(256, 2, 3))).toBe(3)
  })

  it('needs enough of both', () => {
    expect(limitOf(distribution(9, 8, 40), distribution(256, 2, 3))).toBeUndefined()
    expect(limitOf(distribution(10, 8, 40), distribution(29, 2, 3))).toBeUndefined()
    expect(limitOf(distribution(10, 0, 0), distribution(256, 0, 0))).toBeUndefined()
  })
})

const limit = 10
/** One after the other from `from` on, computing all the time. */
const samples = (latencies: readonly number[], from = 0, busyShare = 1): Sample[] => {
  let startedAt = from
  return latencies.map((ms) => {
    const sample = { startedAt, ms, busyMs: ms * busyShare }
    startedAt += ms
    return sample
  })
}
const times = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms)
const steady = samples(times(20, 2))

interface Judged {
  readonly route: string
  readonly first: readonly Sample[]
  readonly isMain?: boolean
}

function judge(routes: number, judged: readonly Judged[]): LatencyCounts {
  const evidence = new LatencyEvidence(routes)
  for (const { route, first, isMain = false } of judged) {
    evidence.judge(route, isMain, limit, first, steady)
  }
  return evidence.counts()
}

describe('the evidence of first requests', () => {
  const slow = times(10, 50)
  const fast = times(10, 3)

  it('slow ones of two routes are harm, fast ones of three are none', () => {
    expect(
      judge(5, [
        { route: 'GET /a', first: samples(slow) },
        { route: 'GET /b', first: samples(slow, 1000) },
      ]),
    ).toMatchObject({ verdict: 'harmful', slowRoutes: ['GET /a', 'GET /b'] })
    const good = ['GET /a', 'GET /b', 'GET /c'].map((route) => ({ route, first: samples(fast) }))
    expect(judge(5, good.slice(0, 2)).verdict).toBe('undecided')
    expect(judge(5, good).verdict).toBe('harmless')
  })

  it('one route alone is harm when most requests are for it and it lasts', () => {
    const route = 'GET /a'
    const lasting = slow.map((ms, index) => ({ startedAt: index * 1000, ms, busyMs: ms }))
    expect(judge(5, [{ route, first: samples(slow), isMain: true }]).verdict).toBe('undecided')
    expect(judge(5, [{ route, first: lasting }]).verdict).toBe('undecided')
    expect(judge(5, [{ route, first: lasting, isMain: true }]).verdict).toBe('harmful')
  })

  it('a pause of the machine is one outcome, however many requests it keeps waiting', () => {
    const during = times(10, 300).map((ms, index) => ({ startedAt: index, ms, busyMs: ms }))
    const routes = ['GET /a', 'GET /b', 'GET /c', 'GET /d']
    const counts = judge(
      routes.length,
      routes.map((route) => ({ route, first: during })),
    )
    expect(counts).toMatchObject({ verdict: 'undecided', exceeded: 1 })
  })

  it('who waits for a database says nothing of the profile', () => {
    const routes = ['GET /a', 'GET /b', 'GET /c', 'GET /d']
    const waiting = routes.map((route) => ({ route, first: samples(slow, 0, 0.05) }))
    expect(judge(routes.length, waiting)).toMatchObject({
      verdict: 'undecided',
      requests: 0,
      exceeded: 0,
    })
  })

  it('a slower machine is held against itself', () => {
    const evidence = new LatencyEvidence(2)
    for (const route of ['GET /a', 'GET /b']) {
      evidence.judge(route, false, limit, samples(slow), samples(times(20, 10)))
    }
    expect(evidence.counts().exceeded).toBe(0)
  })

  it('what takes a millisecond more is none of our business', () => {
    const evidence = new LatencyEvidence(2)
    for (const route of ['GET /a', 'GET /b']) {
      evidence.judge(route, false, limit, samples(times(10, 1)), samples(times(20, 0.05)))
    }
    expect(evidence.counts().exceeded).toBe(0)
  })

  it('without a steady level there is none', () => {
    const evidence = new LatencyEvidence(2)
    evidence.judge('GET /a', true, limit, samples(slow), steady.slice(0, 7))
    expect(evidence.counts()).toMatchObject({ routes: 0, requests: 0 })
  })
})

describe('simulated starts of services with six routes', () => {
  /** Of so many starts: found harmful, found harmless. A request exceeds its limit with probability `share`. */
  function simulate(share: number, runs: number): { harmful: number; harmless: number } {
    const random = seededRandom(7)
    const found = { harmful: 0, harmless: 0 }
    for (let run = 0; run < runs; run++) {
      const evidence = new LatencyEvidence(6)
      for (let route = 0; route < 6; route++) {
        const latencies = Array.from({ length: 10 }, () => (random() < share ? 50 : 3))
        evidence.judge(`GET /${route}`, false, limit, samples(latencies, route * 1000), steady)
      }
      const { verdict } = evidence.counts()
      if (verdict !== 'undecided') found[verdict]++
    }
    return found
  }

  it('one that is exactly as slow as cold starts is called harmful once in a thousand times at most', () => {
    // 0.04 % of 200,000; the bound is 0.1 %.
    expect(simulate(0.1, 20_000).harmful).toBeLessThan(20)
  })

  it('one that helps never is', () => {
    const { harmful, harmless } = simulate(0.02, 20_000)
    expect(harmful).toBe(0)
    expect(harmless).toBeGreaterThan(19_900)
  })

  it('one that harms half of the first requests is found', () => {
    expect(simulate(0.5, 2000).harmful).toBeGreaterThan(1900)
  })
})
