import { describe, expect, it } from 'vitest'
import type { ArmCurve, OneFileData } from '../api.ts'
import { cutCurve, embeddedSource } from './embedded-source.ts'

const curve: ArmCurve = {
  arm: 'cold',
  x: Array.from({ length: 100 }, (_, index) => index + 1),
  median: Array.from({ length: 100 }, (_, index) => (index === 50 ? 900 : 100 - index)),
  low: Array.from({ length: 100 }, () => 1),
  high: Array.from({ length: 100 }, () => 1000),
  steady: 10,
  changepoints: [51],
}

const data = {
  results: { name: 'shop', plan: { createdAt: '2026-01-01T00:00:00Z' }, report: { app: 'node a' } },
  curves: [{ axis: 'round', route: null, arms: [curve] }],
  windows: [{ route: null, arms: [] }],
  reports: { name: 'shop', reports: [] },
} as unknown as OneFileData

describe('embeddedSource', () => {
  const source = embeddedSource(data)

  it('has one file, and is not served', async () => {
    const { files } = await source.files()
    expect(source.isServed).toBe(false)
    expect(files).toMatchObject([{ kind: 'results', name: 'shop', error: null }])
  })

  it('cuts curves to the range and the points that are asked for, and keeps a spike', async () => {
    const { arms } = await source.curves('report', {
      axis: 'round',
      route: null,
      points: 10,
      from: 21,
      to: 80,
    })
    const [cut] = arms
    expect(cut?.x.length).toBeLessThanOrEqual(10)
    expect([cut?.x[0], cut?.x.at(-1)]).toEqual([21, 80])
    expect(cut?.median).toContain(900)
    expect(cut?.high).toHaveLength(cut?.x.length ?? 0)
    expect(cut?.steady).toBe(10)
  })

  it('gives all points when they are few enough', () => {
    expect(cutCurve(curve, { points: 100 })).toEqual(curve)
  })

  it('rejects with a code what the file does not hold', async () => {
    const missing = { axis: 'time', route: 'GET /', points: 10 } as const
    await expect(source.curves('report', missing)).rejects.toMatchObject({
      code: 'ERR_PREWARM_DSH_ONE_FILE',
      message: 'This file does not hold the curve of GET / over time',
    })
    await expect(source.windows('report', 'GET /')).rejects.toMatchObject({
      code: 'ERR_PREWARM_DSH_ONE_FILE',
    })
    await expect(source.profile('report')).rejects.toMatchObject({
      code: 'ERR_PREWARM_DSH_ONE_FILE',
    })
  })
})
