import type { Results } from '../../formats/results.ts'
import type { OneFileData } from '../api.ts'
import { curvesView, routeCurves } from './curve-views.ts'
import { resultsReports } from './report-views.ts'
import { resultsView, windowsView } from './result-views.ts'

/** Stands in dist/dashboard/client/report.html where the data go, once. */
const placeholder = '"prewarm-data-goes-here"'

/** Points of an arm over all requests, and over those of one route: the file should not be large. */
const points = 1000
const routePoints = 300

/** All that the page of one file shows of results; `name` is that of the file that they are from. */
export function oneFileData(name: string, results: Results): OneFileData {
  const routes = [null, ...new Set(results.plan.requests.map(({ route }) => route))]
  return {
    results: resultsView(name, results),
    curves: routes.flatMap((route) => {
      const curves = routeCurves(results, route)
      const most = route === null ? points : routePoints
      return (['round', 'time'] as const).map((axis) =>
        curvesView(curves, { axis, route, points: most, from: 0, to: Infinity }),
      )
    }),
    windows: routes.map((route) => windowsView(results, route)),
    reports: resultsReports(name, results),
  }
}

/**
 * A report as one HTML file: `template` is dist/dashboard/client/report.html. No text in the data can end the element that holds
 * them or begin another, since there is no `<` in it.
 */
export function embed(template: string, data: OneFileData): string {
  const json = JSON.stringify(data).replaceAll('<', '\\u003c')
  // A function, for `$&` in the data is no instruction.
  return template.replace(placeholder, () => json)
}
