import type { CompareReport } from '../../../../formats/compare-report.ts'

export interface RouteRow {
  readonly route: string
  /** In the order of the arms. */
  readonly arms: readonly { readonly firstMs: number; readonly steadyMs: number }[]
  /** What a first request takes less in the first pair's arm, ms; null: nothing is compared. */
  readonly savedMs: number | null
  /** 1 for the route that gains or loses most. */
  readonly share: number
}

/** Routes, those that gain most first. */
export function routeRows({ perRoute, ratios }: CompareReport): readonly RouteRow[] {
  const [pair] = ratios
  const rows = perRoute.map(({ route, arms }) => {
    const first = (name: string): number => arms.find((arm) => arm.name === name)?.firstMs ?? NaN
    const savedMs = pair === undefined ? null : first(pair.against) - first(pair.arm)
    return { route, arms, savedMs }
  })
  const most = Math.max(...rows.map(({ savedMs }) => Math.abs(savedMs ?? 0)))
  return rows
    .map((row) => ({ ...row, share: most > 0 ? Math.abs(row.savedMs ?? 0) / most : 0 }))
    .sort((a, b) => (b.savedMs ?? 0) - (a.savedMs ?? 0))
}
