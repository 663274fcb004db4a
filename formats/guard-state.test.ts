import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import {
  formatGuardEvent,
  guardLimits,
  parseGuardEvents,
  parseStartMarker,
  standingOf,
  withoutHistory,
  type GuardEvent,
  type GuardFact,
  type StartKind,
} from './guard-state.ts'

const digest = 'd'.repeat(64)
const head = { profile: digest, at: '2026-01-01T00:00:00.000Z', pid: 7, host: 'pod-1', node: 'v24' }
const event = (fact: GuardFact, profile = digest): GuardEvent => ({ ...head, ...fact, profile })
const died = (start: StartKind = 'applied'): GuardFact => ({ event: 'died', start })
const served = (start: StartKind = 'applied'): GuardFact => ({ event: 'served', start })
const harmful: GuardFact = { event: 'verdict', reason: 'HARMFUL', detail: 'slow' }
const quarantined = (sourceHash: string): GuardFact => ({
  event: 'verdict',
  reason: 'QUARANTINED',
  detail: 'fell twice',
  function: { name: 'app.js:1 f', sourceHash },
})
const after = (...facts: GuardFact[]): ReturnType<typeof standingOf> =>
  standingOf(
    facts.map((fact) => event(fact)),
    digest,
  )

describe('starts that died', () => {
  const phaseAfter = (...facts: GuardFact[]): string => after(...facts).crashLoop.phase

  it('two of them in a row call for one without the profile', () => {
    expect(phaseAfter(died())).toBe('none')
    expect(phaseAfter(died(), served(), died())).toBe('none')
    expect(phaseAfter(died(), died())).toBe('trial')
    expect(phaseAfter(died(), died(), died())).toBe('trial')
  })

  it('the profile is not to blame when that one dies too', () => {
    expect(after(died(), died(), died('cold')).crashLoop).toEqual({ phase: 'none', deaths: 0 })
  })

  it('when that one serves, the profile is tried once more', () => {
    const suspect = [died(), died(), served('cold')]
    expect(phaseAfter(...suspect)).toBe('suspect')
    expect(phaseAfter(...suspect, served())).toBe('none')
    expect(phaseAfter(...suspect, died())).toBe('proven')
    expect(phaseAfter(...suspect, died(), served(), died('cold'))).toBe('proven')
    expect(phaseAfter(...suspect, died(), { event: 'cleared' })).toBe('none')
  })
})

describe('verdicts', () => {
  it('hold until they are taken back, for their profile alone', () => {
    const hash = 'a'.repeat(64)
    expect(after(harmful).harmful).toMatchObject({ detail: 'slow', pid: 7 })
    expect(after(harmful, { event: 'acquitted', reason: 'HARMFUL' }).harmful).toBeUndefined()
    expect(after(harmful, { event: 'cleared' }).harmful).toBeUndefined()
    expect([...after(quarantined(hash)).quarantined.keys()]).toEqual([hash])
    expect(standingOf([event(harmful)], 'e'.repeat(64)).harmful).toBeUndefined()
  })

  it('survive when the file is written anew', () => {
    const noise = Array.from({ length: 3 * guardLimits.history }, (_, index) =>
      event(index % 2 === 0 ? died() : served()),
    )
    const other = 'e'.repeat(64)
    const events = [
      event(harmful),
      event(quarantined('a'.repeat(64))),
      event({ event: 'verdict', reason: 'CRASH_LOOP', detail: 'it dies' }, other),
      event({ event: 'verdict', reason: 'TIER_UP_OFF', detail: 'all fell' }, other),
      ...noise,
    ]
    const kept = withoutHistory(events)
    expect(kept.length).toBe(4 + guardLimits.history)
    for (const profile of [digest, other]) {
      expect(standingOf(kept, profile)).toEqual(standingOf(events, profile))
    }
  })
})

describe('what is read', () => {
  it('is what was written', () => {
    const events = [died(), served('cold'), harmful, quarantined('a'.repeat(64))].map((fact) =>
      event(fact),
    )
    expect(parseGuardEvents(events.map(formatGuardEvent).join(''))).toEqual(events)
  })

  it('leaves out lines that are cut, strange or too long', () => {
    const good = formatGuardEvent(event(died()))
    const strange = [
      good.slice(0, 50),
      'null',
      '[]',
      '{"event":"died"}',
      good.replace('"died"', '"lived"'),
      good.replace(digest, 'short'),
      good.replace('"pid":7', '"pid":-7'),
      JSON.stringify({ ...event(harmful), reason: 'NO_GATE' }),
      JSON.stringify({ ...event(quarantined('nonsense')) }),
      JSON.stringify({ ...event(died()), padding: 'x'.repeat(guardLimits.lineLength) }),
      '\u0000'.repeat(20),
    ]
    expect(parseGuardEvents([...strange, good].join('\n'))).toEqual([event(died())])
  })

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(Array.isArray(parseGuardEvents(text))).toBe(true)
        parseStartMarker(text)
      }),
    )
  })

  it('long texts are cut, so that the line can be read again', () => {
    const long = event({ event: 'verdict', reason: 'HARMFUL', detail: 'ü"'.repeat(5000) })
    const line = formatGuardEvent(long)
    expect(Buffer.byteLength(line)).toBeLessThan(guardLimits.lineLength)
    expect(parseGuardEvents(line)).toHaveLength(1)
  })
})
