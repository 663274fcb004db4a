import { readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeProfile } from '../../formats/codec.ts'
import { decodeProfile } from '../../formats/codec.ts'
import { parseResults } from '../../formats/results.ts'
import { startReport } from '../../formats/fixtures/start-report.ts'
import { evaluate } from '../analysis/evaluate.ts'
import type {
  ApiError,
  CurvesView,
  FileEntry,
  ProfileDiff,
  ProfileView,
  ReportsView,
  ResultsView,
  StartView,
  WindowsView,
} from '../api.ts'
import { goldenProfile, plan, resultsText, Scene, type TestApp } from './fixtures/scene.ts'

let scene: Scene
let app: TestApp

beforeEach(async () => {
  scene = new Scene()
  scene.writeUsual()
  app = await scene.app()
})

afterEach(() => {
  scene.remove()
})

async function errorOf(response: Response): Promise<readonly [number, string]> {
  const text = await response.text()
  expect(text).not.toContain(scene.folder)
  expect(text).not.toMatch(/\bat .*:\d+:\d+/)
  return [response.status, (JSON.parse(text) as ApiError).code]
}

describe('explained starts', () => {
  it('are given as they were written', async () => {
    scene.write('files/app.start.json', JSON.stringify(startReport))
    const view = await app.get<StartView>(`/api/starts/${await app.idOf('app.start.json')}`)
    expect(view).toEqual({ name: 'app.start.json', report: startReport })
  })

  it('of a later version, and other kinds of files, are refused', async () => {
    scene.write('files/app.start.json', JSON.stringify({ ...startReport, schemaVersion: 2 }))
    const later = await app.ask(`/api/starts/${await app.idOf('app.start.json')}`)
    expect(await errorOf(later)).toEqual([422, 'ERR_PREWARM_FMT_VERSION'])
    const other = await app.ask(`/api/starts/${await app.idOf('shop.jsonl')}`)
    expect((await errorOf(other))[1]).toBe('ERR_PREWARM_DSH_NOT_FOUND')
  })
})

describe('results', () => {
  it('are evaluated as prewarm compare does it', async () => {
    const view = await app.get<ResultsView>(`/api/results/${await app.idOf('shop.jsonl')}`)
    const results = parseResults(resultsText())
    expect(view.report).toEqual(JSON.parse(JSON.stringify(evaluate(results))))
    expect(view.plan).toEqual(plan)
    expect(view.runs.map(({ arm, run }) => `${arm} ${run}`)).toEqual([
      'cold 1',
      'prewarm 1',
      'cold 2',
      'prewarm 2',
      'cold 3',
      'prewarm 3',
    ])
    expect(view.runs[0]).not.toHaveProperty('latenciesMs')
    const firstOfCold = view.runs.flatMap((run) =>
      run.arm === 'cold' ? [run.firstRequestSumMs] : [],
    )
    const { metrics } = view.report.arms[0] ?? {}
    expect(firstOfCold.sort()[1]).toBe(metrics?.firstRequestSumMs.median)
    expect(view.runs[0]?.steadySumMs).toBeCloseTo(3.06, 1)
  })

  it('have curves by round, with the places where they change', async () => {
    const id = await app.idOf('shop.jsonl')
    const { arms } = await app.get<CurvesView>(`/api/results/${id}/curves?axis=round`)
    const [cold, prewarm] = arms
    expect(arms.map(({ arm }) => arm)).toEqual(['cold', 'prewarm'])
    expect(cold?.x).toEqual(Array.from({ length: plan.rounds }, (_, index) => index + 1))
    expect(cold?.changepoints).toEqual([11])
    expect(prewarm?.changepoints).toEqual([])
    expect(cold?.median[0]).toBeGreaterThan(60)
    expect(cold?.steady).toBeCloseTo(3.06, 2)
    for (const { x, median, low, high } of arms) {
      expect([median.length, low.length, high.length]).toEqual([x.length, x.length, x.length])
      expect(median.every((ms, at) => (low[at] ?? NaN) <= ms && ms <= (high[at] ?? NaN))).toBe(true)
    }
  })

  it('have curves of one route, of a part, with as many points as are asked for', async () => {
    const id = await app.idOf('shop.jsonl')
    const curves = `/api/results/${id}/curves`
    const whole = await app.get<CurvesView>(`${curves}?axis=round`)
    const half = await app.get<CurvesView>(`${curves}?axis=round&route=GET%20%2F`)
    expect(half.route).toBe('GET /')
    expect(3 * (half.arms[0]?.steady ?? 0)).toBeCloseTo(whole.arms[0]?.steady ?? 0)
    const part = await app.get<CurvesView>(`${curves}?axis=round&from=5&to=8`)
    expect(part.arms[0]?.x).toEqual([5, 6, 7, 8])
    expect(part.arms[0]?.changepoints).toEqual([11])
    const thin = await app.get<CurvesView>(`${curves}?axis=round&points=10`)
    expect(thin.arms[0]?.x.length).toBeLessThanOrEqual(10)
    expect(Math.max(...(thin.arms[0]?.median ?? []))).toBe(
      Math.max(...(whole.arms[0]?.median ?? []).slice(1, -1)),
    )
  })

  it('have curves over time, whose changes are on the same axis', async () => {
    const id = await app.idOf('shop.jsonl')
    const { arms } = await app.get<CurvesView>(`/api/results/${id}/curves?axis=time&points=500`)
    const cold = arms[0]
    expect(cold?.x[0]).toBe(0)
    // Ten rounds of about 60 ms come before it.
    expect(cold?.changepoints[0]).toBeGreaterThan(595)
    expect(cold?.changepoints[0]).toBeLessThan(605)
    const zoom = `/api/results/${id}/curves?axis=time&points=500&from=590&to=610`
    const { x = [], median = [] } = (await app.get<CurvesView>(zoom)).arms[0] ?? {}
    expect(x.length).toBeGreaterThan(400)
    expect(x[0]).toBeGreaterThanOrEqual(590)
    expect(x.at(-1)).toBeLessThanOrEqual(610)
    expect(median[0]).toBeGreaterThan(50)
    expect(median.at(-1)).toBeLessThan(5)
  })

  it('have windows that hold every request once', async () => {
    const id = await app.idOf('shop.jsonl')
    const { arms } = await app.get<WindowsView>(`/api/results/${id}/windows?route=GET%20%2Fb`)
    const windows = arms[0]?.windows ?? []
    expect(windows.map(({ from, to }) => [from, to])).toEqual([
      [1, 1],
      [2, 3],
      [4, 7],
      [8, 15],
      [16, 31],
      [32, 60],
    ])
    for (const { from, to, count, histogram, p50Ms, p99Ms, maxMs } of windows) {
      expect(count).toBe((to - from + 1) * plan.runs)
      expect(histogram.reduce((sum, [, each]) => sum + each, 0)).toBe(count)
      expect(p50Ms <= p99Ms && p99Ms <= maxMs).toBe(true)
      expect(histogram.at(-1)?.[0]).toBeGreaterThanOrEqual(maxMs)
    }
    expect(windows[0]?.p50Ms).toBeGreaterThan(40)
  })

  it('have the run reports of their runs', async () => {
    const id = await app.idOf('shop.jsonl')
    const { reports } = await app.get<ReportsView>(`/api/reports/${id}`)
    expect(reports.map(({ title }) => title)).toEqual([
      'prewarm, run 1',
      'prewarm, run 2',
      'prewarm, run 3',
    ])
  })

  it('that lie about their size, or have nothing, are shown as far as they go', async () => {
    scene.write('files/huge.jsonl', resultsText({ rounds: 2 ** 40 }))
    scene.write('files/none.jsonl', resultsText({ requests: [], arms: [], rounds: 0 }))
    for (const name of ['huge.jsonl', 'none.jsonl']) {
      const id = await app.idOf(name)
      const paths = [
        `results/${id}`,
        `results/${id}/curves`,
        `results/${id}/windows`,
        `reports/${id}`,
      ]
      for (const each of paths) expect((await app.ask(`/api/${each}`)).status).toBe(200)
      const { arms } = await app.get<CurvesView>(`/api/results/${id}/curves`)
      expect(arms).toEqual([])
    }
  })
})

describe('a profile', () => {
  it('is shown without what nobody can read', async () => {
    const view = await app.get<ProfileView>(`/api/profiles/${await app.idOf('app.prewarm')}`)
    const profile = decodeProfile(readFileSync(goldenProfile))
    expect(view).toMatchObject({ meta: profile.meta, modules: profile.modules, locked: null })
    expect(view.sections.map(([name]) => name)).toContain('codecache')
    expect(view.freshness).toBeNull()
    const exemplars = view.routes.flatMap((route) => route.exemplars)
    expect(exemplars.map(({ bodyBytes }) => bodyBytes)).toContain(36)
    const shown = exemplars.find(({ body }) => body !== null)
    expect(shown).toMatchObject({ url: '/search', bodyBytes: 36, use: 'rehearse' })
  })

  it('is compared with the application on disk', async () => {
    scene.write('shop/server.js', "require('./routes.mjs')\n")
    scene.write('shop/routes.mjs', 'export const changed = 1 // and long enough')
    const compared = await scene.app({ app: path.join(scene.folder, 'shop') })
    const { modules, freshness } = await compared.get<ProfileView>(
      `/api/profiles/${await compared.idOf('app.prewarm')}`,
    )
    const states = modules.map(({ id }, index) => [id, freshness?.modules[index]])
    expect(Object.fromEntries(states)).toMatchObject({
      'server.js': 'same',
      'routes.mjs': 'changed',
      'node:http': 'not compared',
      'lazy/report.js': 'missing',
    })
  })

  it('that is encrypted is shown without its requests, and with them given the key', async () => {
    const key = new Uint8Array(32).fill(7)
    const profile = decodeProfile(readFileSync(goldenProfile))
    scene.write('files/sealed.prewarm', encodeProfile(profile, key))
    const locked = await app.get<ProfileView>(`/api/profiles/${await app.idOf('sealed.prewarm')}`)
    expect(locked.locked).toContain('PREWARM_PROFILE_KEY')
    expect(locked.routes).toEqual([])
    const keyed = await scene.app({ profileKey: key })
    const open = await keyed.get<ProfileView>(`/api/profiles/${await keyed.idOf('sealed.prewarm')}`)
    expect(open.locked).toBeNull()
    expect(open.routes).toHaveLength(profile.requests.routes.length)
  })

  it('is compared with another one', async () => {
    const profile = decodeProfile(readFileSync(goldenProfile))
    scene.write('files/other.prewarm', encodeProfile({ ...profile, functions: [] }))
    const [one, other] = [await app.idOf('app.prewarm'), await app.idOf('other.prewarm')]
    const diff = await app.get<ProfileDiff>(`/api/profiles/${one}/diff/${other}`)
    expect(diff).toMatchObject({ from: 'app.prewarm', to: 'other.prewarm' })
    expect(diff.functions.map(({ change }) => change)).toEqual(['removed', 'removed'])
  })

  it('can be saved for other tools', async () => {
    const id = await app.idOf('app.prewarm')
    const save = async (format: string): Promise<readonly [string | null, Buffer]> => {
      const response = await app.ask(`/api/profiles/${id}/export/${format}`)
      expect(response.status).toBe(200)
      const body = Buffer.from(await response.arrayBuffer())
      return [response.headers.get('content-disposition'), body]
    }
    const [name, cpuprofile] = await save('cpuprofile')
    expect(name).toBe('attachment; filename="app.cpuprofile"')
    expect(JSON.parse(cpuprofile.toString())).toHaveProperty('timeDeltas')
    const [, speedscope] = await save('speedscope')
    expect(JSON.parse(speedscope.toString())).toHaveProperty('$schema')
    const [pprofName, pprof] = await save('pprof')
    expect(pprofName).toBe('attachment; filename="app.pb.gz"')
    expect(gunzipSync(pprof).includes('render')).toBe(true)
  })
})

describe('a file that is dropped on the page', () => {
  it('is told by its content, listed, and shown as others are', async () => {
    const response = await app.drop('../../etc/x\n.txt', readFileSync(goldenProfile))
    expect(response.status).toBe(201)
    const entry = (await response.json()) as FileEntry
    expect(entry).toMatchObject({ kind: 'profile', name: 'x.txt', error: null })
    expect((await app.files()).map(({ id }) => id)).toContain(entry.id)
    expect(await app.get(`/api/profiles/${entry.id}`)).toMatchObject({ name: 'x.txt' })
    const again = await app.drop('y', readFileSync(goldenProfile))
    expect(((await again.json()) as FileEntry).id).toBe(entry.id)
    const results = await app.drop('r', new TextEncoder().encode(resultsText()))
    const { id } = (await results.json()) as FileEntry
    expect(await app.get(`/api/results/${id}`)).toMatchObject({ report: { app: 'node app.js' } })
  })

  it('is refused and not kept when it is nothing of ours, empty, or broken', async () => {
    const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
    expect(await errorOf(await app.drop('a', bytes('hello')))).toEqual([
      422,
      'ERR_PREWARM_DSH_KIND',
    ])
    expect(await errorOf(await app.drop('a', bytes('')))).toEqual([422, 'ERR_PREWARM_DSH_KIND'])
    const before = (await app.files()).length
    const bytesOfTorn = new Uint8Array(readFileSync(goldenProfile).subarray(0, 999))
    const torn = await errorOf(await app.drop('torn', bytesOfTorn))
    expect(torn).toEqual([422, 'ERR_PREWARM_FMT_TRUNCATED'])
    expect(await app.files()).toHaveLength(before)
  })

  it('is refused before it is read when it is too long', async () => {
    const headers = { 'content-length': String(257 * 1024 * 1024) }
    const response = await app.drop('a', new Uint8Array(1), headers)
    expect(await errorOf(response)).toEqual([413, 'ERR_PREWARM_DSH_LIMIT'])
  })

  it('is refused from other origins, and as what a form can send', async () => {
    const profile = readFileSync(goldenProfile)
    for (const headers of [
      { origin: 'http://evil.test' },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:7358' },
      { 'content-type': 'text/plain' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      const response = await app.drop('a', profile, headers)
      expect(await errorOf(response)).toEqual([403, 'ERR_PREWARM_DSH_REFUSED'])
    }
  })
})

describe('requests', () => {
  it('for what is not there, or of another kind, are answered with 404 and why', async () => {
    const results = await app.idOf('shop.jsonl')
    await app.get(`/api/results/${results}/curves`)
    await app.get(`/api/results/${results}/windows`)
    for (const target of [
      '/api',
      '/api/',
      '/api/nothing',
      '/api/results/unknown',
      '/api/results/..%2F..%2Fetc%2Fpasswd',
      `/api/profiles/${results}`,
      `/api/results/${results}/windows?route=GET%20%2Fnowhere`,
      `/api/results/${results}/curves?route=`,
      `/api/results/${results}/windows?route=`,
    ]) {
      expect([target, ...(await errorOf(await app.ask(target)))]).toEqual([
        target,
        404,
        'ERR_PREWARM_DSH_NOT_FOUND',
      ])
    }
    const removed = await app.ask('/api/files', { method: 'DELETE' })
    expect(await errorOf(removed)).toEqual([404, 'ERR_PREWARM_DSH_NOT_FOUND'])
  })

  it('with values that mean nothing are answered with 400', async () => {
    const id = await app.idOf('shop.jsonl')
    for (const query of [
      'axis=x',
      'points=3',
      'points=1e9',
      'points=',
      'from=NaN',
      'to=Infinity',
    ]) {
      const response = await app.ask(`/api/results/${id}/curves?${query}`)
      expect([query, ...(await errorOf(response))]).toEqual([query, 400, 'ERR_PREWARM_DSH_REQUEST'])
    }
    const other = await app.ask(`/api/profiles/${await app.idOf('app.prewarm')}/export/exe`)
    expect((await errorOf(other))[0]).toBe(400)
  })

  it('for a file that cannot be understood are answered with its error', async () => {
    scene.write('files/torn.prewarm', readFileSync(goldenProfile).subarray(0, 999))
    const response = await app.ask(`/api/profiles/${await app.idOf('torn.prewarm')}`)
    expect(await errorOf(response)).toEqual([422, 'ERR_PREWARM_FMT_TRUNCATED'])
  })

  it('for other hosts are refused', async () => {
    const hosts = ['evil.test', '127.0.0.1.evil.test:7357', '', '192.0.2.1:7357', 'localhost@evil']
    for (const host of hosts) {
      const response = await app.ask('/api/files', { headers: { host } })
      expect([host, ...(await errorOf(response))]).toEqual([host, 403, 'ERR_PREWARM_DSH_REFUSED'])
    }
    for (const host of ['localhost:1', '[::1]:7357', '127.1.2.3', 'LOCALHOST:7357']) {
      expect((await app.ask('/api/files', { headers: { host } })).status).toBe(200)
    }
    const bound = await scene.app({ host: '192.0.2.1', token: 'a-token-of-the-test' })
    const answer = await bound.ask('/api/files', { headers: { host: '192.0.2.1:80' } })
    expect(answer.status).toBe(401)
  })
})

describe('the page', () => {
  it('comes with a strict policy, and so does every other answer', async () => {
    for (const target of ['/', '/assets/main-abc.js', '/nothing', '/api/files', '/api/nothing']) {
      const { headers } = await app.ask(target)
      const policy = headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('is kept by browsers where its name changes with its content, and only there', async () => {
    const cacheOf = async (target: string): Promise<string | null> =>
      (await app.ask(target)).headers.get('cache-control')
    expect(await cacheOf('/')).toBe('no-cache')
    expect(await cacheOf('/assets/main-abc.js')).toContain('immutable')
    expect(await cacheOf('/api/files')).toBe('no-store')
  })

  it('is nothing but what was built', async () => {
    scene.write('secret.txt', 'secret')
    expect(await (await app.ask('/')).text()).toBe('<!doctype html>')
    for (const target of [
      '/nothing',
      '/assets/',
      '/../secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/..%5csecret.txt',
    ]) {
      const response = await app.ask(target)
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain('secret')
    }
  })
})

describe('a token', () => {
  const token = 'a-token-of-the-test'

  it('is asked for everywhere', async () => {
    const guarded = await scene.app({ host: '0.0.0.0', token })
    for (const target of ['/', '/assets/main-abc.js', '/api/files', '/api/live', '/?token=wrong']) {
      expect((await guarded.ask(target)).status).toBe(401)
    }
    const dropped = await guarded.drop('a', readFileSync(goldenProfile))
    expect(await errorOf(dropped)).toEqual([401, 'ERR_PREWARM_DSH_TOKEN'])
  })

  it('is exchanged for a cookie that only this site gets, and leaves the address', async () => {
    const guarded = await scene.app({ host: '0.0.0.0', token })
    const response = await guarded.ask(`/?token=${token}`)
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    const cookie = response.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
    expect(cookie).not.toContain(token)
    const [pair = ''] = cookie.split(';')
    const withCookie = (value: string): Promise<Response> =>
      guarded.ask('/api/files', { headers: { cookie: value } })
    expect((await withCookie(`a=b; ${pair}`)).status).toBe(200)
    expect((await withCookie(`${pair}x`)).status).toBe(401)
    const bearer = await guarded.ask('/api/files', {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(bearer.status).toBe(200)
  })
})
