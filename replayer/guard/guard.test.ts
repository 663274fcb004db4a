import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { decodeProfile } from '../../formats/codec.ts'
import type { Tier } from '../../formats/profile.ts'
import type { GuardReport } from '../../formats/report.ts'
import type { Natives } from '../../runtime/natives.ts'
import { readConfig } from '../config.ts'
import { Guard } from './guard.ts'
import type { WatchedFunction } from './tier-watch.ts'

const golden = decodeProfile(
  readFileSync(new URL('../../formats/fixtures/v1/small.prewarm', import.meta.url)),
)
/** Nobody tells of requests without servers, so that every look counts. */
const outline = {
  digest: 'd'.repeat(64),
  meta: golden.meta,
  servers: [],
  routes: [],
  hasWork: false,
  cachedModules: 0,
}
const plan = { outline, isCommand: false }

let folder = ''
const said: GuardReport[] = []
const hear = (report: unknown): void => {
  said.push(report as GuardReport)
}

beforeEach(() => {
  vi.useFakeTimers()
  folder = mkdtempSync(path.join(tmpdir(), 'prewarm-guard-'))
  said.length = 0
  subscribe('prewarm:guard', hear)
})
afterEach(() => {
  vi.useRealTimers()
  unsubscribe('prewarm:guard', hear)
  rmSync(folder, { recursive: true })
})

function openGuard(env: NodeJS.ProcessEnv = {}): Guard {
  return new Guard(plan, readConfig({ PREWARM_PROFILE: path.join(folder, 'app.prewarm'), ...env }))
}

/** Functions whose tiers are set by hand. */
function functionsWithTiers(count: number) {
  const functions = Array.from({ length: count }, () => (): number => 1)
  const tiers = new Map<unknown, Tier>(functions.map((fn) => [fn, 'turbofan']))
  const natives = {
    tiers: new Set<Tier>(['ignition', 'turbofan']),
    tierOf: (value: unknown) => tiers.get(value),
    deoptimize: (value: unknown) => {
      tiers.set(value, 'ignition')
      return true
    },
  } as Partial<Natives> as Natives
  const watched = functions.map((fn, index): WatchedFunction => ({
    name: `app.js:${index} f`,
    sourceHash: index.toString(16).padStart(64, '0'),
    tier: 'turbofan',
    ref: new WeakRef(fn),
  }))
  const setTier = (tier: Tier, ...indices: number[]): void => {
    for (const index of indices) tiers.set(functions[index], tier)
  }
  return { watched, natives, tiers, setTier, functions }
}

describe('functions that lose their optimised code', () => {
  it('twice are in quarantine from the next start on', () => {
    const guard = openGuard()
    const { watched, natives, setTier } = functionsWithTiers(30)
    let changes = 0
    guard.opened(watched, natives, () => changes++)
    for (const tier of ['ignition', 'turbofan', 'ignition'] as const) {
      setTier(tier, 3)
      vi.advanceTimersByTime(1000)
    }
    expect(guard.report()).toMatchObject({
      state: 'watching',
      verdicts: [{ reason: 'QUARANTINED', detail: 'app.js:3 f lost its optimised code twice.' }],
      tiers: { functions: 30, polls: 3, falls: 2, fallen: [{ name: 'app.js:3 f', falls: 2 }] },
    })
    expect(said).toHaveLength(1)
    vi.advanceTimersByTime(60_000)
    expect(guard.report().state).toBe('over')
    expect(changes).toBe(2)

    const next = openGuard()
    expect([...next.standing.quarantined.keys()]).toEqual([watched[3]?.sourceHash])
    expect(next.refusal).toBeUndefined()
    expect(next.report().inForce).toMatchObject([{ reason: 'QUARANTINED' }])
  })

  it('by the dozen switch early optimisation off, and those that stand are left alone', () => {
    const guard = openGuard()
    const { watched, natives, setTier, tiers } = functionsWithTiers(25)
    guard.opened(watched, natives, () => undefined)
    setTier('ignition', 0, 1, 2, 3, 4)
    vi.advanceTimersByTime(1000)
    expect(guard.report()).toMatchObject({ state: 'watching', verdicts: [] })
    setTier('ignition', 5)
    vi.advanceTimersByTime(1000)
    expect(guard.report()).toMatchObject({
      state: 'over',
      verdicts: [{ reason: 'TIER_UP_OFF', detail: '6 of 25 functions lost their optimised code.' }],
      tiers: { undone: 0 },
    })
    expect([...tiers.values()].filter((tier) => tier === 'turbofan')).toHaveLength(19)
    expect(openGuard().standing.tierUpOff).toMatchObject({ reason: 'TIER_UP_OFF' })
  })

  it('are not looked at when nobody wants to, or nothing was optimised', () => {
    const { watched, natives } = functionsWithTiers(3)
    const off = openGuard({ PREWARM_WATCH: '0' })
    off.opened(watched, natives, () => undefined)
    const nothing = openGuard()
    nothing.opened([], natives, () => undefined)
    const blind = openGuard()
    blind.opened(watched, undefined, () => undefined)
    for (const guard of [off, nothing, blind]) expect(guard.report().state).toBe('off')
    expect(vi.getTimerCount()).toBe(0)
    expect(readdirSync(folder)).toEqual([])
  })
})
