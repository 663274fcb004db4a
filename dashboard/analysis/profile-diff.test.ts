import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeProfile } from '../../formats/codec.ts'
import type { HotFunction, ModuleRecord, RouteRecord } from '../../formats/profile.ts'
import { diffProfiles, isDifferent } from './profile-diff.ts'

const golden = new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)
const profile = decodeProfile(readFileSync(golden))
const [module] = profile.modules as readonly [ModuleRecord]
const [route] = profile.requests.routes as readonly [RouteRecord]
const [hot] = profile.functions as readonly [HotFunction]
const one = 'a'.repeat(64)
const other = 'b'.repeat(64)

const source = { ...module, id: 'a.js', sourceHash: one }

function withFunctions(...functions: readonly Partial<HotFunction>[]): typeof profile {
  return {
    ...profile,
    modules: [source],
    functions: functions.map((each) => ({ ...hot, module: 0, sourceHash: one, ...each })),
  }
}

test('a profile and itself differ in nothing', () => {
  const { meta, modules, functions, routes } = diffProfiles(profile, profile)
  expect(meta).toEqual([])
  expect(modules).toHaveLength(profile.modules.length)
  expect(functions).toHaveLength(profile.functions.length)
  expect(routes).toHaveLength(profile.requests.routes.length)
  for (const each of [...modules, ...functions, ...routes]) {
    expect([each.change, each.detail]).toEqual(['kept', ''])
    expect(isDifferent(each)).toBe(false)
  }
})

test('modules are told by their id, and what is the same by their source', () => {
  const from = [source, { ...source, id: 'b.js' }, { ...source, id: 'gone.js' }]
  const to = [
    { ...source, id: 'new.js', sourceHash: 'c'.repeat(64) },
    { ...source, id: 'b.js', sourceHash: other, sourceLength: source.sourceLength + 1 },
    { ...source, phase: 'late' as const },
  ]
  const { modules } = diffProfiles({ ...profile, modules: from }, { ...profile, modules: to })
  expect(modules.map(({ unit, change }) => `${unit} ${change}`)).toEqual([
    'a.js kept',
    'b.js changed',
    'gone.js removed',
    'new.js added',
  ])
  expect(modules[0]?.detail).toBe('startup -> late')
  expect(modules[1]?.detail).toMatch(/-> \d+ characters$/)
})

test('a function that moved is kept, and its tier is told', () => {
  const from = withFunctions({ name: 'f', line: 1, column: 2, tier: 'turbofan' })
  const to = withFunctions({ name: 'f', line: 9, column: 2, tier: 'maglev' })
  expect(diffProfiles(from, to).functions).toEqual([
    {
      unit: 'f a.js:9',
      change: 'kept',
      aspects: ['tier', 'moved'],
      detail: 'turbofan -> maglev, moved 1:2 -> 9:2',
    },
  ])
})

test('a function with another source is changed, whether it moved or not', () => {
  const from = withFunctions({ name: 'f', line: 1 }, { name: 'g', line: 5 }, { name: '', line: 7 })
  const to = withFunctions(
    { name: 'g', line: 6, sourceHash: other },
    { name: 'f', line: 1, sourceHash: other },
    { name: '', line: 8, sourceHash: other },
  )
  const { functions } = diffProfiles(from, to)
  expect(functions.map(({ unit, change }) => `${unit} ${change}`)).toEqual([
    'f a.js:1 changed',
    'g a.js:6 changed',
    // Nothing tells that two without a name are the same.
    '(anonymous) a.js:7 removed',
    '(anonymous) a.js:8 added',
  ])
})

test('functions that are alike are paired one by one', () => {
  const alike = { name: 'f' }
  const { functions } = diffProfiles(
    withFunctions({ ...alike, line: 1 }, { ...alike, line: 2 }),
    withFunctions({ ...alike, line: 3 }, { ...alike, line: 4 }, { ...alike, line: 5 }),
  )
  expect(functions.map(({ unit, change }) => `${unit} ${change}`)).toEqual([
    'f a.js:3 kept',
    'f a.js:4 kept',
    'f a.js:5 added',
  ])
})

test('without sources a function is kept where place and name are the same', () => {
  const place = { name: 'f', line: 3, column: 4, sourceHash: null }
  const [same] = diffProfiles(withFunctions(place), withFunctions(place)).functions
  const [moved] = diffProfiles(withFunctions(place), withFunctions({ ...place, line: 4 })).functions
  expect([same?.change, moved?.change]).toEqual(['kept', 'changed'])
})

test('routes are told by method and pattern', () => {
  const routes = (...list: readonly RouteRecord[]): typeof profile => ({
    ...profile,
    requests: { ...profile.requests, routes: list },
  })
  const { routes: changes } = diffProfiles(
    routes(route, { ...route, method: 'PUT' }),
    routes({ ...route, count: route.count + 1 }, { ...route, route: '/new' }),
  )
  expect(changes.map(({ change }) => change)).toEqual(['kept', 'removed', 'added'])
  expect(changes[0]?.detail).toMatch(/requests -> [\d,]+ requests$/)
})

test('a module with the same source elsewhere has moved, and its functions with it', () => {
  const before = withFunctions({ name: 'f', line: 1, column: 2 })
  const after = { ...before, modules: [{ ...source, id: 'b.js' }] }
  const { modules, functions } = diffProfiles(before, after)
  expect(modules).toEqual([
    { unit: 'b.js', change: 'kept', aspects: ['moved'], detail: 'moved from a.js' },
  ])
  expect(functions).toEqual([{ unit: 'f b.js:1', change: 'kept', aspects: [], detail: '' }])
})

test('a function is hotter or colder by its share of samples, a route weighs more or less by that of requests', () => {
  const sampled = (f: number, g: number): typeof profile =>
    withFunctions({ name: 'f', line: 1, samples: f }, { name: 'g', line: 2, samples: g })
  const asked = (get: number, put: number): RouteRecord[] => [
    { ...route, count: get },
    { ...route, method: 'PUT', count: put },
  ]
  const { functions, routes } = diffProfiles(
    { ...sampled(100, 900), requests: { ...profile.requests, routes: asked(500, 500) } },
    { ...sampled(500, 500), requests: { ...profile.requests, routes: asked(50, 950) } },
  )
  expect(functions).toMatchObject([
    { aspects: ['hotter'], detail: '10.0% -> 50.0% of samples' },
    { aspects: ['colder'], detail: '90.0% -> 50.0% of samples' },
  ])
  expect(routes.map(({ aspects }) => aspects)).toEqual([['less'], ['more']])
  expect(routes[0]?.detail).toMatch(/^50\.0% -> 5\.0% of requests, 500 requests -> 50 requests/)
})

test('meta differs in the conditions of recording, not in its time', () => {
  const { meta } = diffProfiles(profile, {
    ...profile,
    meta: { ...profile.meta, createdAt: '2027', node: 'v20.21.0', execArgv: [], generation: 1 },
  })
  expect(meta).toEqual([
    { unit: 'node', change: 'changed', aspects: [], detail: 'v20.20.0 -> v20.21.0' },
    {
      unit: 'execArgv',
      change: 'changed',
      aspects: [],
      detail: '--max-old-space-size=512 -> none',
    },
    { unit: 'generation', change: 'changed', aspects: [], detail: 'none -> 1' },
  ])
})

test('a function that V8 has named otherwise is kept', () => {
  const place = { line: 3, column: 4 }
  const { functions } = diffProfiles(
    withFunctions({ ...place, name: 'exports.f' }),
    withFunctions({ ...place, name: '' }),
  )
  expect(functions).toEqual([
    { unit: '(anonymous) a.js:3', change: 'kept', aspects: [], detail: '' },
  ])
})
