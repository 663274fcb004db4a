import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { InspectorProfiler } from './inspector.ts'
import type { CpuProfiler, SampledFunction } from './profiler.ts'
import { AddonProfiler, loadAddon } from './v8-profiler-next.ts'

const addon = loadAddon()
const profilers: [string, () => CpuProfiler][] = [['inspector', () => new InspectorProfiler(1000)]]
if (addon === undefined) {
  process.stderr.write(
    'v8-profiler-next has no binary for this Node: only the inspector is tested\n',
  )
} else profilers.push(['v8-profiler-next', () => new AddonProfiler(addon, 1000)])

let sink = 0
function spin(rounds: number): number {
  let sum = 0
  for (let index = 0; index < rounds; index++) sum += Math.sqrt(index ^ sum)
  sink += sum
  return 0
}

/**
 * Spends CPU time, ms; a busy machine may take longer. `sort` calls its comparator from a builtin, so that V8 cannot inline
 * it: Node 20 gives inlined time to the caller.
 */
function busy(ms: number): void {
  const start = process.cpuUsage()
  while (process.cpuUsage(start).user < ms * 1000) [20_000, 20_000].sort(spin)
}

/** Sampled functions of one window by name, with their hits. */
class Window {
  readonly hits = new Map<string, number>()
  readonly functions: SampledFunction[] = []
  ms = 0

  add(fn: SampledFunction, hits: number, msPerHit: number): void {
    this.hits.set(fn.name, (this.hits.get(fn.name) ?? 0) + hits)
    this.functions.push(fn)
    if (fn.name === 'spin') this.ms += hits * msPerHit
  }
}

describe.each(profilers)('%s', (_name, make) => {
  it('still sees a function that was optimised in an earlier window', () => {
    const profiler = make()
    const windows = [new Window(), new Window(), new Window()] as const
    const start = performance.now()
    profiler.start()
    busy(300)
    profiler.rotate(windows[0])
    busy(300)
    profiler.rotate(windows[1])
    busy(300)
    profiler.stop(windows[2])
    const elapsedMs = performance.now() - start
    for (const window of windows) {
      expect(window.hits.get('spin') ?? 0).toBeGreaterThan(20)
      expect(window.ms).toBeGreaterThan(20)
      expect(window.ms).toBeLessThan(elapsedMs)
    }
    const spinAt = windows[2].functions.find(({ name }) => name === 'spin')
    expect(spinAt?.url).toContain('profilers.test.ts')
    expect(spinAt?.line).toBeGreaterThan(1)
    expect(spinAt?.column).toBeGreaterThan(1)
    expect(spinAt?.scriptId).toBeGreaterThan(0)
    expect(sink).toBeGreaterThan(0)
  })
})

it('what the add-on is made of is not there for the application to share', () => {
  const { cache } = createRequire(import.meta.url)
  const before = Object.keys(cache)
  loadAddon()
  const left = Object.keys(cache).filter((file) => !before.includes(file))
  expect(left.filter((file) => !file.endsWith('.node'))).toEqual([])
})
