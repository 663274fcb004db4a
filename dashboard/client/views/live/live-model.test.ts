import { expect, test } from 'vitest'
import type { LiveLine, LiveStart, LiveTraffic } from '../../../../formats/live.ts'
import { firstRequestSumMs, liveCurve, liveRoutes, recentMedianMs } from './live-curves.ts'
import { LiveModel } from './live-model.ts'

function startOf(pid: number, startedAt: string): LiveStart {
  return {
    type: 'start',
    ms: 0,
    schemaVersion: 1,
    prewarm: '0.1.0',
    pid,
    node: 'v24.0.0',
    appId: 'shop:server.js',
    startedAt,
    mode: 'auto',
    profile: 'app.prewarm',
    budgetMs: 2000,
  }
}

function trafficOf(ms: number, requests: number, samples: LiveTraffic['samples']): LiveTraffic {
  return {
    type: 'traffic',
    ms,
    forMs: 1000,
    requests,
    routes: ['GET /', 'GET /b'],
    samples,
    rssBytes: 1e6,
    heapUsedBytes: 1e6,
    cpuMs: 100,
  }
}

const early = startOf(1, '2026-01-01T00:00:00.000Z')
const late = startOf(2, '2026-01-01T00:01:00.000Z')

function modelOf(...lines: readonly LiveLine[]): LiveModel {
  const model = new LiveModel()
  model.apply({ file: { id: 'a', name: 'a' }, change: 'begin', lines })
  return model
}

test('the process that was started last comes first, one that has not said who it is not at all', () => {
  const model = modelOf(early)
  model.apply({ file: { id: 'b', name: 'b' }, change: 'begin', lines: [late] })
  model.apply({ file: { id: 'c', name: 'c' }, change: 'begin', lines: [{ type: 'listen', ms: 1 }] })
  expect(model.processes().map(({ id }) => id)).toEqual(['b', 'a'])
})

test('requests are numbered over those that were not told, and timed from the first one', () => {
  const [process] = modelOf(
    early,
    { type: 'listen', ms: 900 },
    { type: 'listen', ms: 950 },
    trafficOf(2000, 5, [
      [0, 1010, 20_000],
      [1, 1000, 30_000],
    ]),
    trafficOf(3000, 1, [[0, 2500, 1500]]),
  ).processes()
  expect(process?.listenMs).toBe(900)
  expect(process?.answered).toBe(6)
  expect(process?.requests).toEqual([
    { number: 1, route: 'GET /', atMs: 10, latencyMs: 20 },
    { number: 2, route: 'GET /b', atMs: 0, latencyMs: 30 },
    { number: 6, route: 'GET /', atMs: 1500, latencyMs: 1.5 },
  ])
})

test('a file that begins anew forgets what was known, one that is gone keeps it', () => {
  const model = modelOf(early, trafficOf(2000, 1, [[0, 1000, 1000]]))
  model.apply({ file: { id: 'a', name: 'a' }, change: 'gone', lines: [] })
  expect(model.processes()[0]).toMatchObject({ isGone: true, answered: 1 })
  model.apply({ file: { id: 'a', name: 'a' }, change: 'begin', lines: [early] })
  expect(model.processes()[0]).toMatchObject({ isGone: false, answered: 0, requests: [] })
})

test('a curve has a point for each stretch with requests, and does not grow without end', () => {
  const requests = Array.from({ length: 1000 }, (_, index) => ({
    number: index + 1,
    route: index % 2 === 0 ? 'GET /' : 'GET /b',
    atMs: index * 10,
    latencyMs: index % 10,
  }))
  const curve = liveCurve(requests, 'request', null)
  expect(curve).toHaveLength(63)
  expect(curve[0]).toEqual({ x: 16, y: 3.5, low: 0.5, high: 7.5 })
  expect(
    liveCurve(requests, 'time', null)
      .map(({ x }) => x)
      .slice(0, 3),
  ).toEqual([250, 500, 750])
  expect(liveCurve(requests, 'request', 'GET /b')).toEqual(
    liveCurve(
      requests.filter(({ route }) => route === 'GET /b'),
      'request',
      null,
    ),
  )
  expect(liveCurve([], 'time', null)).toEqual([])
})

test('figures of a process wait for its first request', () => {
  const [silent] = modelOf(early).processes()
  expect(silent && [firstRequestSumMs(silent), recentMedianMs(silent)]).toEqual([null, null])
  const [process] = modelOf(
    early,
    trafficOf(2000, 3, [
      [0, 1000, 20_000],
      [1, 1100, 30_000],
      [0, 1200, 2000],
    ]),
  ).processes()
  expect(process && firstRequestSumMs(process)).toBe(50)
  expect(process && recentMedianMs(process, 2)).toBe(16)
  expect(process && liveRoutes([process])).toEqual(['GET /', 'GET /b'])
})
