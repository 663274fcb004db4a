import { describe, expect, it } from 'vitest'
import { appliedReport } from '../../../../formats/fixtures/run-report.ts'
import type { GuardReport, RunReport } from '../../../../formats/report.ts'
import { reasons } from '../../../../formats/reasons.ts'
import { findingsOf } from './findings.ts'
import { guardWords } from './guard-words.ts'
import { reasonKinds, wordsOf } from './reason-advice.ts'

const guard: GuardReport = {
  state: 'over',
  inForce: [],
  verdicts: [],
  tiers: { functions: 0, polls: 0, pollsWithTraffic: 0, falls: 0, fallen: [], undone: 0 },
  latency: { verdict: 'harmless', routes: 3, requests: 21, exceeded: 0, slowRoutes: [] },
  trouble: null,
}
const cold: RunReport = { ...appliedReport, outcome: 'cold', reason: 'TAG_MISMATCH', openMs: null }

describe('wordsOf', () => {
  it('has a sentence, a kind and advice for every reason', () => {
    for (const code of Object.keys(reasons)) {
      const words = wordsOf(code)
      expect(words.sentence, code).not.toBe('')
      expect(words.advice, code).not.toBe('')
      expect(reasonKinds[words.kind], code).toBeDefined()
    }
  })
})

describe('findingsOf', () => {
  it('says of a cold start why, and what to do', () => {
    const [why, advice] = findingsOf(cold)
    expect(why).toEqual({ tone: 'bad', text: reasons.TAG_MISMATCH })
    expect(advice?.text).toMatch(/^Record with the same build/)
  })

  it('does not take a start that was switched off for a failure', () => {
    expect(findingsOf({ ...cold, reason: 'MODE_OFF' })[0]?.tone).toBe('info')
  })

  it('tells what was not applied with the reasons', () => {
    const texts = findingsOf(appliedReport).map(({ tone, text }) => `${tone}: ${text}`)
    expect(texts[0]).toBe(
      'warning: 120 of 122 code caches were applied. The rest: 2 not fitting (NOT_LOADED).',
    )
    expect(texts[1]).toBe('good: All 7 late modules were applied.')
  })

  it('warns when a flag of V8 was left changed', () => {
    const tones = findingsOf({ ...appliedReport, flagsRestored: false }).map(({ tone }) => tone)
    expect(tones).toContain('bad')
  })
})

describe('guardWords', () => {
  it('is good only when the watch has ended and requests were found harmless', () => {
    expect(guardWords(guard).tone).toBe('good')
    expect(guardWords({ ...guard, state: 'watching' }).tone).toBe('info')
    const latency = { ...guard.latency, verdict: 'undecided' } as const
    expect(guardWords({ ...guard, latency }).tone).toBe('info')
  })

  it('says what to do about verdicts of this start and of earlier ones', () => {
    const verdicts = [{ reason: 'HARMFUL', detail: '8 of the first 10 requests' }] as const
    for (const words of [
      guardWords({ ...guard, verdicts }),
      guardWords({ ...guard, inForce: verdicts }),
    ]) {
      expect(words.tone).toBe('bad')
      expect(words.sentences.join(' ')).toContain('prewarm guard status')
    }
  })

  it('says that nothing can be remembered', () => {
    const words = guardWords({ ...guard, trouble: 'EROFS' })
    expect(words.tone).toBe('bad')
    expect(words.sentences.join(' ')).toContain('EROFS')
  })
})
