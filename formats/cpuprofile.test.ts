import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeProfile } from './codec.ts'
import { toCpuProfile } from './cpuprofile.ts'

const profile = decodeProfile(readFileSync(new URL('fixtures/v1/small.prewarm', import.meta.url)))
const converted = toCpuProfile(profile)

test('has the functions below the root, the one with most time first', () => {
  const [root, ...nodes] = converted.nodes
  expect(root).toMatchObject({ id: 1, callFrame: { functionName: '(root)' }, children: [2, 3] })
  const sorted = [...profile.functions].sort((a, b) => b.selfMs - a.selfMs)
  expect(nodes.map(({ callFrame }) => callFrame)).toEqual(
    sorted.map(({ name, module, line, column }) => ({
      functionName: name,
      scriptId: String(module + 1),
      url: profile.modules[module]?.path,
      lineNumber: line - 1,
      columnNumber: column - 1,
    })),
  )
})

test('gives each function its time, by its hits and from its sample to the next', () => {
  const { nodes, samples, timeDeltas, startTime, endTime } = converted
  const totalHits = nodes.reduce((sum, { hitCount }) => sum + hitCount, 0)
  expect(totalHits).toBe(endTime - startTime)
  expect(samples).toHaveLength(timeDeltas.length)
  expect(timeDeltas.reduce((sum, delta) => sum + delta, startTime)).toBe(endTime)
  const lasting = new Map(samples.map((id, index) => [id, timeDeltas[index + 1] ?? 0]))
  for (const { id, hitCount } of nodes) expect(lasting.get(id)).toBe(hitCount)
})

test('of nothing is a root without children', () => {
  const empty = toCpuProfile({ functions: [], modules: [] })
  expect(empty).toMatchObject({ samples: [1], timeDeltas: [0], startTime: 0, endTime: 0 })
  expect(empty.nodes.map(({ children }) => children)).toEqual([[]])
})

test('an absurd time stays a number that can be written', () => {
  const [first] = profile.functions
  if (first === undefined) throw new Error('The fixture has no functions')
  const functions = [{ ...first, selfMs: 1e300 }, first]
  const { endTime } = toCpuProfile({ ...profile, functions })
  expect(Number.isSafeInteger(endTime)).toBe(true)
})
