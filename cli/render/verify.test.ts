import { expect, it } from 'vitest'
import type { RunReport } from '../../formats/report.ts'
import { appliedKinds, appliedShare } from '../verify/applied.ts'
import type { Deopt } from '../verify/deopts.ts'
import { renderVerified } from './verify.ts'

const none = { applied: 0, skipped: {} }
const guard = { inForce: [] } as unknown as NonNullable<RunReport['guard']>
const report = {
  ...{ outcome: 'applied', reason: null, node: 'v24.1.0', openMs: 1500, guard },
  detail: '1 of 1 code caches',
  codeCache: { applied: 1, skipped: {} },
  preload: none,
  rehearsal: { ...none, skipped: { UNSAFE_METHOD: 2, HELD_OUT: 1 } },
  tierUp: none,
  work: none,
  skipped: [
    { unit: 'POST /orders', reason: 'UNSAFE_METHOD' },
    { unit: 'POST /orders', reason: 'UNSAFE_METHOD' },
  ],
} as unknown as RunReport

function render(change: Partial<RunReport> = {}, deopts?: readonly Deopt[]): string {
  const changed = { ...report, ...change }
  const kinds = appliedKinds(changed)
  return renderVerified({
    file: '/a/app.prewarm',
    report: changed,
    kinds,
    share: appliedShare(kinds),
    deopts,
  })
}

it('has the share, the counts by kind, and why the rest was not applied', () => {
  expect(render()).toBe(`/a/app.prewarm on Node 24.1.0
33.3% of it applies: 1 of 1 code caches. The port would have opened after 1.50 s.

Kind         Applied  Of   Share
-----------  -------  --  ------
code caches        1   1  100.0%
requests           0   2    0.0%

Why not the rest
2 requests: UNSAFE_METHOD
    The HTTP method can have effects, and its route is not on the allow-list.

Not applied
Units  Name          Reason
-----  ------------  -------------
    2  POST /orders  UNSAFE_METHOD`)
})

it('of a cold start has the reason alone, and what to do when it is one of the guard', () => {
  const cold = { outcome: 'cold', reason: 'HARMFUL', detail: 'It was slow.' } as const
  expect(render({ ...cold, guard: null })).toBe(`/a/app.prewarm on Node 24.1.0
Cold: the service would start as if prewarm were not there. HARMFUL: It was slow.`)
  const inForce = [{ reason: 'HARMFUL', detail: 'It was slow.' }] as const
  expect(render({ ...cold, guard: { ...guard, inForce } })).toContain('`prewarm guard clear`')
})

it('tells what else the guard holds against it', () => {
  const inForce = [{ reason: 'QUARANTINED', detail: 'f fell twice.' }] as const
  expect(render({ guard: { ...guard, inForce } })).toContain(
    'The guard holds against it\nQUARANTINED: f fell twice.',
  )
})

it('names functions that lost code, and says that code caches do not count meanwhile', () => {
  expect(render({}, [])).toContain('Lost optimised code\nNone did.')
  const text = render({}, [{ name: '', reason: 'wrong map', count: 3 }])
  expect(text).toContain('    3  (anonymous)  wrong map')
  expect(text).toContain('Code caches do not apply')
})

it('nothing in it is wider than 100 columns', () => {
  const unit = 'x'.repeat(300)
  const skipped = [{ unit, reason: 'EFFECT_REFUSED', detail: unit }] as const
  const text = render({ skipped }, [{ name: unit, reason: unit, count: 1 }])
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100)
})
