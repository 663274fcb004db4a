import { describe, expect, it } from 'vitest'
import { curveCommand } from './curve-keys.ts'

const none = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false }

describe('curveCommand', () => {
  it('reads with arrows and moves with Shift and arrows', () => {
    expect(curveCommand({ ...none, key: 'ArrowLeft' })).toBe('read left')
    expect(curveCommand({ ...none, key: 'ArrowLeft', shiftKey: true })).toBe('move left')
  })

  it('takes plus with and without Shift', () => {
    expect(curveCommand({ ...none, key: '+', shiftKey: true })).toBe('zoom in')
    expect(curveCommand({ ...none, key: '=' })).toBe('zoom in')
  })

  it('leaves to the browser what is its own', () => {
    expect(curveCommand({ ...none, key: '+', ctrlKey: true })).toBeUndefined()
    expect(curveCommand({ ...none, key: 'ArrowLeft', altKey: true })).toBeUndefined()
    expect(curveCommand({ ...none, key: 'Tab' })).toBeUndefined()
    expect(curveCommand({ ...none, key: 'toString' })).toBeUndefined()
  })
})
