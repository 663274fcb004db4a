import v8 from 'node:v8'
import { describe, expect, it } from 'vitest'
import { steersTiering, Thresholds } from './thresholds.ts'

describe('thresholds', () => {
  it('are part of the code-cache tag while they are low, and exactly what they were afterwards', () => {
    const tag = v8.cachedDataVersionTag()
    const thresholds = Thresholds.open(tag)
    thresholds?.lower()
    thresholds?.lower()
    expect(v8.cachedDataVersionTag()).not.toBe(tag)
    thresholds?.restore()
    expect(v8.cachedDataVersionTag()).toBe(tag)
    thresholds?.restore()
    expect(v8.cachedDataVersionTag()).toBe(tag)
  })

  it('are left alone when the flags have changed since the start', () => {
    const tag = v8.cachedDataVersionTag()
    Thresholds.open(tag + 1)?.lower()
    expect(v8.cachedDataVersionTag()).toBe(tag)
  })
})

describe('flags given by hand', () => {
  it.each([
    '--no-opt',
    '--interrupt-budget=1000',
    '--invocation_count_for_turbofan=3',
    '--no-maglev',
    '--nomaglev',
    '--jitless',
    '--lite-mode',
    '--always-sparkplug',
    '--stress-opt',
    '--max-optimized-bytecode-size=1',
  ])('%s steers V8', (flag) => {
    expect(steersTiering([flag], '')).toBe(true)
    expect(steersTiering([], `--enable-source-maps ${flag}`)).toBe(true)
  })

  it.each(['--import=/opt/app/preload.mjs', '--max-old-space-size=512', '--no-warnings', ''])(
    '%s does not',
    (flag) => {
      expect(steersTiering([flag, '--import', '/opt/maglev.mjs'], flag)).toBe(false)
    },
  )
})
