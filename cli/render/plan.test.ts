import { stripVTControlCharacters } from 'node:util'
import { expect, it } from 'vitest'
import { defaultPolicy } from '../../formats/policy.ts'
import type { RefusedGroup, RehearsalPlan, RoutePlan } from '../plan/rehearsal-plan.ts'
import { renderPlan, type PlanView } from './plan.ts'

const route = (change: Partial<RoutePlan> = {}): RoutePlan => ({
  server: 0,
  method: 'GET',
  route: '/items/:id',
  requests: 900,
  share: 0.9,
  exemplars: { rehearsed: 3, refused: 0, heldOut: 1 },
  effects: [{ name: 'postgres read db:5432', allowed: true }],
  refused: [],
  ...change,
})
const group = (change: Partial<RefusedGroup> = {}): RefusedGroup => ({
  reason: 'UNSAFE_METHOD',
  detail: '',
  exemplars: 2,
  advice: 'If doing it at every start does no harm:',
  options: ["--rehearse 'POST /search'", "--allow 'redis write *'"],
  ...change,
})
const search = route({
  method: 'POST',
  route: '/search',
  requests: 100,
  share: 0.1,
  exemplars: { rehearsed: 0, refused: 2, heldOut: 0 },
  effects: [{ name: 'redis write cache:6379', allowed: false }],
  refused: [group()],
})
const plan = (change: Partial<RehearsalPlan> = {}): RehearsalPlan => ({
  policy: defaultPolicy,
  rehearsedShare: 0.9,
  routes: [route(), search],
  work: [],
  ...change,
})
const render = (change: Partial<PlanView> = {}): string =>
  stripVTControlCharacters(
    renderPlan({
      file: '/srv/app.prewarm',
      appId: 'shop:server.js',
      configFile: undefined,
      plan: plan(),
      warnings: [],
      ...change,
    }),
  )

it('says for each route what is rehearsed, what it does, and what to do about the rest', () => {
  expect(render()).toMatchInlineSnapshot(`
    "/srv/app.prewarm: shop:server.js
    Policy: tcp read

     Share  Rehearsed  Route
     90.0%     3 of 3  GET /items/:id
        does postgres read db:5432
     10.0%     0 of 2  POST /search
        does redis write cache:6379 (refused)
        2 UNSAFE_METHOD: The HTTP method can have effects, and its route is not on the allow-list.
            If doing it at every start does no harm:
                --rehearse 'POST /search'
                --allow 'redis write *'

    3 of 5 requests on 1 of 2 routes would be rehearsed: 90.0% of the traffic; 1 held out."
  `)
})

it('shows the policy, where it comes from, and what prevents rehearsal altogether', () => {
  const policy = { ...defaultPolicy, tcp: 'deny' as const, skip: ['GET /a', 'GET /b'] }
  const text = render({
    plan: plan({ policy }),
    configFile: '/srv/prewarm.config.mjs',
    warnings: ['The mode is off.'],
  })
  expect(text.split('\n').slice(1, 5)).toEqual([
    'Policy: tcp deny',
    'Policy: skip GET /a, GET /b',
    'An option takes the place of the whole list.',
    'Settings from /srv/prewarm.config.mjs',
  ])
  expect(text).toContain('\n\nThe mode is off.\n')
})

it('says why a route has nothing to rehearse', () => {
  const none = { rehearsed: 0, refused: 0 }
  const routes = [0, 1].map((heldOut) => route({ exemplars: { ...none, heldOut } }))
  const text = render({ plan: plan({ routes }) })
  expect(text).toContain('no request of it can be rehearsed: none was kept')
  expect(text).toContain('no request of it can be rehearsed: its only one is kept for')
})

it('says for work what is rehearsed, and no word of requests where there are none', () => {
  const work = {
    name: 'draw-thumbnail',
    calls: 1200,
    samples: { rehearsed: 15, refused: 1 },
    effects: [{ name: 'redis write cache:6379', allowed: false }],
    refused: [
      group({
        reason: 'EFFECT_REFUSED',
        exemplars: 1,
        detail: 'redis write cache:6379',
        options: ["--allow 'redis write *'"],
      }),
    ],
  }
  const others = { samples: { rehearsed: 0, refused: 0 }, effects: [], refused: [] }
  const none = { ...work, ...others, name: 'mail', calls: 7 }
  const text = render({ plan: plan({ routes: [], work: [work, none] }) })
  expect(text.split('\n').slice(3).join('\n')).toMatchInlineSnapshot(`
    " Calls  Rehearsed  Work
     1,200   15 of 16  draw-thumbnail
        does redis write cache:6379 (refused)
        1 EFFECT_REFUSED: redis write cache:6379
            If doing it at every start does no harm:
                --allow 'redis write *'
         7     0 of 0  mail
        none of its calls was kept (prewarm inspect)

    15 of 16 calls of 1 of 2 kinds of work would be rehearsed where the application asks for it."
  `)
})

it('says so when there are no requests at all', () => {
  const text = render({ plan: plan({ routes: [], rehearsedShare: 0 }) })
  expect(text).toContain('No requests were recorded: nothing can be rehearsed.')
  expect(text).not.toContain('NaN')
})

it('keeps to 100 columns and to printable letters; only options to copy are never cut', () => {
  const evil = `\u001b]0;owned\u0007${'/a-rather-long-name with words'.repeat(20)}`
  const routes = [
    route({
      method: evil,
      route: evil,
      effects: [
        { name: evil, allowed: true },
        { name: evil, allowed: false },
      ],
      refused: [group({ detail: evil, advice: evil, options: [`--rehearse '${evil}'`] })],
    }),
  ]
  const policy = { ...defaultPolicy, skip: [evil] }
  const text = renderPlan({
    file: evil,
    appId: evil,
    configFile: evil,
    plan: plan({ routes, policy }),
    warnings: [evil],
  }).replaceAll(/\u001b\[\d+m/g, '')
  const [option, ...others] = text.split('\n').filter((line) => line.length > 100)
  expect(option).toContain(`--rehearse '${evil.replaceAll(/\p{Cc}/gu, '?')}'`)
  expect(others).toEqual([])
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u)
})
