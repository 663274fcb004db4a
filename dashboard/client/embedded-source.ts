import type { ArmCurve, CurvesView, OneFileData } from '../api.ts'
import { parseAnswer } from './answer-text.ts'
import { thinIndices } from './charts/thinning.ts'
import { ApiProblem, type CurveQuery, type DataSource } from './data-source.ts'

/** Id of the only file. */
const onlyId = 'report'

/** Serves a report that was saved as one file from what the page itself carries. */
export function embeddedSource(data: OneFileData): DataSource {
  const { results, reports } = data
  return {
    isServed: false,
    files: () =>
      Promise.resolve({
        files: [
          {
            id: onlyId,
            kind: 'results',
            name: results.name,
            modifiedAt: results.plan.createdAt,
            sizeBytes: 0,
            title: results.report.app,
            error: null,
          },
        ],
      }),
    results: () => Promise.resolve(results),
    curves: (_id, query) => settled(() => curvesOf(data, query)),
    windows: (_id, route) =>
      settled(() => {
        const windows = data.windows.find((view) => view.route === route)
        return windows ?? missing(`latencies of ${route ?? 'all requests'}`)
      }),
    reports: () => Promise.resolve(reports),
    profile: () => settled(() => missing('a profile')),
    start: () => settled(() => missing('an explained start')),
    diff: () => settled(() => missing('profiles')),
    exportUrl: () => '',
    add: () => settled(() => missing('room for more files')),
    live: () => missing('live services'),
  }
}

/** What `embed` of dashboard/server/one-file.ts has put into the page. */
export function readEmbedded(page: Document): OneFileData {
  return parseAnswer(page.querySelector('#prewarm-data')?.textContent ?? '') as OneFileData
}

function curvesOf({ curves }: OneFileData, query: CurveQuery): CurvesView {
  const { axis, route } = query
  const all =
    curves.find((view) => view.axis === axis && view.route === route) ??
    missing(`the curve of ${route ?? 'all requests'} over ${axis}`)
  return { axis, route, arms: all.arms.map((arm) => cutCurve(arm, query)) }
}

/** The part that is asked for, with no more points than are asked for. */
export function cutCurve(
  curve: ArmCurve,
  { from = -Infinity, to = Infinity, points }: Pick<CurveQuery, 'from' | 'to' | 'points'>,
): ArmCurve {
  const { x, median, low, high } = curve
  const inside = x.flatMap((value, index) => (value >= from && value <= to ? [index] : []))
  const kept = thinIndices(inside, (index) => median[index] ?? NaN, points)
  const take = (values: readonly number[]): readonly number[] =>
    kept.map((index) => values[index] ?? NaN)
  return { ...curve, x: take(x), median: take(median), low: take(low), high: take(high) }
}

function missing(what: string): never {
  throw new ApiProblem(
    'ERR_PREWARM_DSH_ONE_FILE',
    `This file does not hold ${what}`,
    'Open the results with `prewarm dashboard` for all of it.',
  )
}

async function settled<T>(value: () => T): Promise<T> {
  await Promise.resolve()
  return value()
}
