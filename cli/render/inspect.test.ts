import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { decodeProfile, openProfile, type Profile } from '../../formats/index.ts'
import type { Freshness } from '../freshness.ts'
import { renderInspection, type Inspection } from './inspect.ts'

const file = readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url))
const golden = decodeProfile(file)

const someChanged: Freshness = {
  root: '/srv/shop',
  fresh: 4,
  changed: ['lazy/report.js'],
  missing: [],
  notCompared: [],
}

function render(change: Partial<Inspection> = {}, top = 8): string {
  const inspection: Inspection = {
    file: 'shop.prewarm',
    sizeBytes: file.length,
    sectionBytes: openProfile(file).sizes,
    profile: golden,
    freshness: someChanged,
    originals: [],
    ...change,
  }
  return stripVTControlCharacters(renderInspection(inspection, top))
}

describe('what inspect prints', () => {
  it('says why there are no routes when they are encrypted', () => {
    const requests = { servers: [], routes: [] }
    const locked = 'Section requests is encrypted, and there is no key.\nSet PREWARM_PROFILE_KEY.'
    const text = render({ profile: { ...golden, requests, curve: [] }, locked })
    expect(text).toContain(`Routes\n${locked}\n`)
    expect(text).not.toContain('No requests were recorded')
    expect(text).toContain('Slowest modules')
  })

  it('answers the usual questions on one screen', () => {
    expect(render()).toMatchInlineSnapshot(`
      "shop.prewarm: 3.04 KiB, format version 1
      Application  shop:server.js
      Recorded     2026-01-15T09:30:00.000Z by prewarm@0.1.0, for 62.5 s, listening after 845 ms
      Process      Node v20.20.0, V8 11.3.244.8-node.33, linux x64, code-cache tag 3735928559
      Flags        --max-old-space-size=512
      Requests     1,205 answered, routes: 2, servers: 2
      Redacted     authorization, cookie, password, token
      Profiler     inspector, one sample every 1000 us
      Sections     modules 1.04 KiB, requests 808 B, meta 353 B, functions 254 B, curve 106 B,
                   codecache 96 B

      Modules
      Format   Modules  Start-up  Late  Cached  Cache
      -------  -------  --------  ----  ------  -----
      cjs            3         2     1       2   96 B
      builtin        1         1     0       0    0 B
      esm            1         1     0       0    0 B
      json           1         1     0       0    0 B
      addon          1         1     0       0    0 B
      wasm           1         1     0       0    0 B
      all            8         7     1       2   96 B

      Slowest modules  to initialise: alone, and with what they load
         Self    Total  Cache  Module
      -------  -------  -----  --------------------------------
      20.3 ms  20.3 ms      -  lazy/report.js
      12.0 ms   241 ms   56 B  @shop/render@2.1.0/lib/render.js
      4.50 ms   310 ms   40 B  server.js
      1.75 ms  1.75 ms      -  routes.mjs

      Biggest code caches
      Cache  Share  Module
      -----  -----  --------------------------------
       56 B  58.3%  @shop/render@2.1.0/lib/render.js
       40 B  41.7%  server.js

      Packages  by the time that their modules take to initialise
         Self  Share  Modules  Package
      -------  -----  -------  ------------------
      26.5 ms  68.8%        4  (application)
      12.0 ms  31.2%        1  @shop/render@2.1.0

      Late modules  loaded only after listening; replay loads them before
         Self  Module
      -------  --------------
      20.3 ms  lazy/report.js

      Hot functions  of 833 ms sampled in them
         Self  Share  Tier      Function     Where
      -------  -----  --------  -----------  ----------------------------------
       821 ms  98.6%  turbofan  render       @shop/render@2.1.0/lib/render.js:1
      12.0 ms   1.4%  -         (anonymous)  lazy/report.js:1

      Routes  cold: the first requests; steady: the last; kept: to rehearse + to compare
      Requests  Share  Cold p50     mean  Steady p50      p99   Kept  Route
      --------  -----  --------  -------  ----------  -------  -----  --------------
         1,200  99.6%   12.3 ms  48.5 ms     1.13 ms  4.75 ms  1 + 1  GET /items/:id
             5   0.4%   8.00 ms  9.00 ms     8.00 ms  12.0 ms  1 + 0  POST /search

      Freshness
      Compared with /srv/shop
      4 of 5 modules are as recorded
      1 is changed:
        lazy/report.js"
    `)
  })

  it('shows the first rows only and says of how many', () => {
    const modules = Array.from({ length: 100 }, () => golden.modules).flat()
    const text = render({ profile: { ...golden, modules } }, 3)
    expect(text).toContain('Slowest modules (3 of 400)')
    expect(text).toContain('Late modules (3 of 100)')
    expect(text.split('\n').length).toBeLessThan(80)
  })

  it('orders modules, packages and functions by their time', () => {
    const [first, second] = golden.functions
    if (first === undefined || second === undefined) throw new Error('the fixture has functions')
    const text = render({ profile: { ...golden, functions: [second, first] } })
    expect(text.indexOf('render  ')).toBeLessThan(text.indexOf('(anonymous)'))
  })

  it('keeps to 100 columns whatever the names', () => {
    const long = '/a-rather-long-folder-name'.repeat(20)
    const profile: Profile = {
      ...golden,
      meta: {
        ...golden.meta,
        appId: long,
        execArgv: [long, long],
        redactedKeys: Array.from({ length: 200 }, (_, index) => `secret-key-${index}`),
      },
      modules: golden.modules.map((module) => ({ ...module, id: `${module.id}${long}.js` })),
      functions: golden.functions.map((entry) => ({ ...entry, name: long })),
      requests: {
        ...golden.requests,
        routes: golden.requests.routes.map((route) => ({ ...route, route: `${long}/:id` })),
      },
    }
    const missing = [`${long}.json`]
    const freshness = { root: long, fresh: 0, changed: [`${long}.js`], missing, notCompared: [] }
    const text = render({ file: `${long}.prewarm`, profile, freshness })
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
    expect(text).toMatch(/\.\.\..*folder-name\.js:1$/m)
    expect(text).toMatch(/GET \/a-.*\.\.\..*\/:id$/m)
    expect(text).toMatch(/secret-key-\d+, \.\.\.$/m)
  })

  it('prints no control characters out of a profile', () => {
    const evil = 'a\u001b]0;owned\u0007\r\nb\u009b2J\u202e'
    const profile: Profile = {
      ...golden,
      meta: { ...golden.meta, appId: evil, execArgv: [evil], redactedHeaders: [evil] },
      modules: golden.modules.map((module) => ({ ...module, id: evil })),
      functions: golden.functions.map((entry) => ({ ...entry, name: evil })),
      requests: {
        ...golden.requests,
        routes: golden.requests.routes.map((route) => ({ ...route, method: evil, route: evil })),
      },
    }
    const freshness = { root: evil, fresh: 0, changed: [evil], missing: [evil], notCompared: [] }
    const originals = golden.functions.map(() => evil)
    const facts = { file: evil, sizeBytes: 1, sectionBytes: new Map() }
    const inspection = { ...facts, profile, freshness, originals }
    const text = renderInspection(inspection, 8).replaceAll(/\u001b\[\d+m/g, '')
    expect(text).toContain('a?]0;owned???b?2J?')
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
  })

  it('leaves out what a profile does not have', () => {
    const empty: Profile = {
      ...golden,
      meta: { ...golden.meta, listenMs: null, profiler: 'none', execArgv: [], redactedHeaders: [] },
      modules: [],
      functions: [],
      requests: { servers: [], routes: [] },
      curve: [],
      codecache: new Uint8Array(0),
    }
    const freshness = { root: '/srv/shop', fresh: 0, changed: [], missing: [], notCompared: [] }
    const text = render({ profile: empty, freshness })
    expect(text).toContain('never listened')
    expect(text).toContain('Flags        none')
    expect(text).toContain('Profiler     none')
    expect(text).toContain('No requests were recorded: nothing can be rehearsed.')
    for (const absent of [
      'Slowest',
      'Biggest',
      'Packages',
      'Late modules',
      'Hot',
      'Freshness',
      'NaN',
    ]) {
      expect(text).not.toContain(absent)
    }
  })
})

describe('work that is not HTTP', () => {
  const distribution = { count: 1, meanMs: 4, p50Ms: 3, p90Ms: 4, p99Ms: 9, maxMs: 9 }
  const sample = { arguments: '[]', outcome: 'returned', effects: [], note: '' } as const
  const resize = {
    name: 'resize',
    count: 1200,
    cold: distribution,
    steady: { ...distribution, p50Ms: 1, p99Ms: 2 },
    samples: [
      { ...sample, tried: 'passed' },
      { ...sample, tried: 'untried' },
    ],
    unreplayable: 3,
    obstacle: 'argument 1: an instance of Job',
  } as const
  const requests = { servers: [], routes: [] }

  it('is a table, with what could not be kept below', () => {
    const text = render({ profile: { ...golden, requests, work: [resize] } })
    expect(text.slice(text.indexOf('Work'), text.indexOf('Freshness')).trim())
      .toMatchInlineSnapshot(`
      "Work  cold: the first calls; steady: the last; kept: distinct ones; tried: alone, in staging
      Calls  Cold p50     mean  Steady p50      p99  Kept  Tried  Name
      -----  --------  -------  ----------  -------  ----  -----  ------
      1,200   3.00 ms  4.00 ms     1.00 ms  2.00 ms     2      1  resize
      resize: 3 not kept, argument 1: an instance of Job"
    `)
    expect(text).not.toContain('No requests were recorded')
  })

  it('cannot steer the terminal', () => {
    const evil = 'a\u001b[2Jb'
    const work = [{ ...resize, name: evil, obstacle: evil }]
    const text = renderInspection(
      {
        ...{ file: 'a', sizeBytes: 1, sectionBytes: new Map() },
        profile: { ...golden, work },
        freshness: someChanged,
        originals: [],
      },
      8,
    )
    expect(text).not.toContain('[2Jb'.padStart(5, '\u001b'))
    expect(text).toContain('a?[2Jb')
  })
})

describe('freshness', () => {
  const show = (freshness: Freshness, top?: number): string => {
    const text = render({ freshness }, top)
    return text.slice(text.indexOf('Freshness'))
  }

  it('is one line when everything is as recorded', () => {
    const freshness = { root: '/srv/shop', fresh: 5, changed: [], missing: [], notCompared: [] }
    expect(show(freshness)).toBe(
      'Freshness\nCompared with /srv/shop\n5 of 5 modules are as recorded',
    )
  })

  it('counts what was not compared apart from the rest', () => {
    const freshness = {
      root: '/srv/shop',
      fresh: 2,
      changed: [],
      missing: [],
      notCompared: ['a.ts', 'b.mts'],
    }
    expect(show(freshness).split('\n').slice(2)).toEqual([
      '2 of 2 modules are as recorded',
      '2 not compared: V8 gets TypeScript and JSX as another text',
    ])
    expect(show({ ...freshness, fresh: 0 })).not.toContain('of 0')
  })

  it('names --app when most modules are missing', () => {
    const freshness = {
      root: '/tmp',
      fresh: 1,
      changed: [],
      missing: ['a.js', 'b.js'],
      notCompared: [],
    }
    expect(show(freshness)).toContain('--app should point to the folder of the application')
    expect(show({ ...freshness, fresh: 2 })).not.toContain('--app')
  })

  it('gives examples and counts the rest', () => {
    const changed = Array.from({ length: 12 }, (_, index) => `file-${index}.js`)
    const text = show({ root: '/srv/shop', fresh: 0, changed, missing: [], notCompared: [] }, 2)
    expect(text.split('\n').slice(3)).toEqual([
      '12 are changed:',
      '  file-0.js',
      '  file-1.js',
      '  and 10 more',
    ])
  })
})
