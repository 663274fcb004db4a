import { describe, expect, it } from 'vitest'
import { PrewarmError, errorCodes, isPrewarmError, messageOf } from './errors.ts'
import { isReason, reasons } from './reasons.ts'

describe('error codes', () => {
  it('name prewarm and their area', () => {
    for (const code of Object.keys(errorCodes)) {
      expect(code).toMatch(/^ERR_PREWARM_(FMT|REC|RPL|CFG|CLI|DSH)(_[A-Z0-9]+)+$/)
    }
  })

  it('and reasons each have one sentence or more', () => {
    for (const meaning of [...Object.values(errorCodes), ...Object.values(reasons)]) {
      expect(meaning).toMatch(/^(?:[A-Z]|prewarm ).*\.$/)
    }
  })
})

describe('PrewarmError', () => {
  it('carries code, hint and cause', () => {
    const cause = new Error('disk on fire')
    const error = new PrewarmError('ERR_PREWARM_REC_WRITE', 'Cannot write', {
      hint: 'Retry',
      cause,
    })
    expect(error).toMatchObject({
      code: 'ERR_PREWARM_REC_WRITE',
      message: 'Cannot write',
      hint: 'Retry',
    })
    expect(error.cause).toBe(cause)
  })

  it('has no cause and no hint when it was given none', () => {
    const error = new PrewarmError('ERR_PREWARM_REC_WRITE', 'Cannot write')
    expect(error.hint).toBeUndefined()
    expect('cause' in error).toBe(false)
  })

  it('is recognised when another copy of the class made it', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('prewarm.error')]: true })
    expect(isPrewarmError(foreign)).toBe(true)
    expect(isPrewarmError(new PrewarmError('ERR_PREWARM_FMT_LIMIT', 'x'))).toBe(true)
    for (const other of [new Error('x'), null, undefined, 'ERR_PREWARM_FMT_LIMIT', {}]) {
      expect(isPrewarmError(other)).toBe(false)
    }
  })
})

describe('messageOf', () => {
  it('takes whatever was thrown', () => {
    expect(messageOf(new Error('broken'))).toBe('broken')
    expect(messageOf('broken')).toBe('broken')
    expect(messageOf(undefined)).toBe('undefined')
  })
})

describe('reasons', () => {
  it('are told from other strings', () => {
    expect(isReason('SOURCE_CHANGED')).toBe(true)
    expect(isReason('toString')).toBe(false)
    expect(isReason('source_changed')).toBe(false)
  })
})
