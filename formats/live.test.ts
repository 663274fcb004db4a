import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { formatLiveLine, liveFileName, liveLimits, parseLiveLines, type LiveLine } from './live.ts'
import type { RunReport } from './report.ts'

const report: RunReport = {
  schemaVersion: 1,
  prewarm: '0.1.0',
  pid: 7,
  node: 'v24.0.0',
  startedAt: '2026-01-01T00:00:00.000Z',
  mode: 'auto',
  profile: '/srv/app.prewarm',
  appId: 'shop:server.js',
  outcome: 'applied',
  reason: null,
  detail: '8 rehearsed requests in 2 rounds',
  budgetMs: 2000,
  stages: [{ name: 'rehearse', ms: 900.12 }],
  codeCache: { applied: 120, skipped: { NOT_LOADED: 2 } },
  preload: { applied: 7, skipped: {} },
  rehearsal: { applied: 8, skipped: { HELD_OUT: 3 }, rounds: 2, requests: 16, stopped: 'cap' },
  tierUp: { applied: 0, skipped: {} },
  work: { applied: 0, skipped: {}, rounds: 0, calls: 0 },
  skipped: [{ unit: 'POST /orders', reason: 'UNSAFE_METHOD' }],
  flagsRestored: true,
  openMs: 1200,
  guard: {
    state: 'watching',
    inForce: [{ reason: 'QUARANTINED', detail: 'f' }],
    verdicts: [],
    tiers: { functions: 3, polls: 1, pollsWithTraffic: 1, falls: 0, fallen: [], undone: 0 },
    latency: { verdict: 'undecided', routes: 0, requests: 0, exceeded: 0, slowRoutes: [] },
    trouble: null,
  },
}

/** One of each kind. */
const lines: readonly LiveLine[] = [
  {
    ...{ type: 'start', ms: 31.5, schemaVersion: 1, prewarm: '0.1.0', pid: 7, node: 'v24.0.0' },
    ...{ appId: 'shop:server.js', startedAt: report.startedAt, mode: 'auto' },
    ...{ profile: 'app.prewarm', budgetMs: 2000 },
  },
  { type: 'state', ms: 40, state: 'waiting', reason: null, detail: 'Nothing listens yet.' },
  { type: 'stage', ms: 41, name: 'preflight', startMs: 32 },
  { type: 'rehearsal', ms: 500, rounds: 12, part: 0.25 },
  { type: 'listen', ms: 1190 },
  { type: 'report', ms: 1200, report },
  {
    ...{ type: 'traffic', ms: 2200, forMs: 1000.1, requests: 3, routes: ['GET /items/:id'] },
    ...{ samples: [[0, 1300, 812] as const, [0, 1301, 640] as const] },
    ...{ rssBytes: 9e7, heapUsedBytes: 2e7, cpuMs: 1500 },
  },
  { type: 'guard', ms: 9000, reason: 'HARMFUL', detail: 'Slow.' },
  {
    ...{ type: 'tiers', ms: 9000, functions: 3, polls: 8, pollsWithTraffic: 8, falls: 1 },
    ...{ fallen: [{ name: 'app.js:1 f', falls: 1 }], undone: 2 },
  },
  { type: 'end', ms: 9100, why: 'exit', code: 0 },
]
const text = lines.map(formatLiveLine).join('')

/** All places of a JSON value, the whole of it last. */
function placesIn(value: unknown): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [[]]
  const below = Object.entries(value).flatMap(([key, inner]) =>
    placesIn(inner).map((place) => [key, ...place]),
  )
  return [...below, []]
}

function withValueAt(target: unknown, place: readonly string[], value: unknown): unknown {
  const [key, ...rest] = place
  if (key === undefined) return value
  const copy = structuredClone(target) as Record<string, unknown>
  copy[key] = withValueAt(copy[key], rest, value)
  return copy
}

describe('lines that are read', () => {
  it('are those that were written', () => {
    expect(parseLiveLines(text)).toEqual(lines)
  })

  it('are a part of those that were written, wherever the file is cut', () => {
    fc.assert(
      fc.property(fc.nat(text.length), (length) => {
        const read = parseLiveLines(text.slice(0, length))
        expect(read).toEqual(lines.slice(0, read.length))
        const whole = text.slice(0, length).split('\n').length - 1
        expect(read.length).toBeGreaterThanOrEqual(whole)
      }),
    )
  })

  it('go on after what is torn or foreign', () => {
    const strange = [
      text.slice(10, 60),
      'null',
      '[]',
      '"start"',
      '{}',
      '{"type":"listen"}',
      '{"type":"toString","ms":1}',
      '{"type":"later kind","ms":1}',
      '\u0000'.repeat(20),
      JSON.stringify({ type: 'listen', ms: 1, padding: 'x'.repeat(liveLimits.lineLength) }),
    ]
    const [first = '', ...others] = lines.map(formatLiveLine)
    expect(parseLiveLines([first, ...strange, '', others.join('')].join('\n'))).toEqual(lines)
  })

  it('have no keys that nobody knows', () => {
    expect(parseLiveLines('{"type":"listen","ms":1,"__proto__":{"a":1},"b":2}')).toEqual([
      { type: 'listen', ms: 1 },
    ])
  })

  it.each([
    ['a version to come', { schemaVersion: 2 }],
    ['a start at no time', { startedAt: 'yesterday' }],
    ['a negative time', { ms: -1 }],
    ['a mode to come', { mode: 'eager' }],
  ])('are none with %s', (_what, change) => {
    expect(parseLiveLines(JSON.stringify({ ...lines[0], ...change }))).toEqual([])
  })

  it.each([
    ['a route that the line does not name', { samples: [[1, 1300, 812]] }],
    ['more latencies than requests', { requests: 1 }],
    ['a latency that is not whole', { samples: [[0, 1300, 0.5]] }],
    [
      'more latencies than the cap',
      { requests: 999, samples: Array.from({ length: liveLimits.samples + 1 }, () => [0, 1, 1]) },
    ],
    ['a name without end', { routes: ['x'.repeat(liveLimits.routeLength + 1)] }],
  ])('are none with %s', (_what, change) => {
    expect(parseLiveLines(JSON.stringify({ ...lines[6], ...change }))).toEqual([])
  })

  it('have the form of what was written or are left out, whatever stands in the place of a value', () => {
    const places = lines.flatMap((line) => placesIn(line).map((place) => [line, place] as const))
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), ([line, place], value) => {
        for (const read of parseLiveLines(JSON.stringify(withValueAt(line, place, value)))) {
          expect(parseLiveLines(formatLiveLine(read))).toEqual([read])
          const forms = ({ type, ...rest }: LiveLine): unknown => [
            type,
            Object.entries(rest).map(([key, of]) => [key, Array.isArray(of)]),
          ]
          expect(forms(read)).toEqual(forms(line))
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('have texts that were cut when they were too long', () => {
    const state = { type: 'state', ms: 1, state: 'cold', reason: 'NO_PROFILE' } as const
    const [read, ...others] = parseLiveLines(
      formatLiveLine({ ...state, detail: 'ü"'.repeat(5000) }),
    )
    expect(others).toEqual([])
    expect(read).toEqual({ ...state, detail: 'ü"'.repeat(liveLimits.textLength / 2) })
  })

  it('are never an error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (anything) => {
        expect(Array.isArray(parseLiveLines(anything))).toBe(true)
      }),
    )
  })

  it('are so many and no more', () => {
    const many = '{"type":"listen","ms":1}\n'.repeat(liveLimits.lines + 5)
    expect(parseLiveLines(many)).toHaveLength(liveLimits.lines)
  })
})

it('the name of a file tells when the process began, and its id', () => {
  expect(liveFileName(1795800000000.4, 42)).toBe('1795800000000-42.live.jsonl')
})
