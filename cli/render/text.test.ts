import { describe, expect, it } from 'vitest'
import { isColourful } from './text.ts'

describe('colours', () => {
  it('are for terminals, and nothing else unless it asks for them', () => {
    expect(isColourful({}, true)).toBe(true)
    expect(isColourful({}, undefined)).toBe(false)
    expect(isColourful({ CI: 'true' }, undefined)).toBe(false)
    expect(isColourful({ FORCE_COLOR: '1' }, undefined)).toBe(true)
  })

  it('are left out on request', () => {
    expect(isColourful({ NO_COLOR: '1', FORCE_COLOR: '1' }, true)).toBe(false)
    expect(isColourful({ FORCE_COLOR: '0' }, true)).toBe(false)
    expect(isColourful({ TERM: 'dumb' }, true)).toBe(false)
  })
})
