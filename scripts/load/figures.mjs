/** What the starts of the services come to: medians, ratios within the rounds, and the same over all services. */
import { bootstrapMedian } from '../../dist/dashboard/analysis/bootstrap.js'
import { pairedRatio } from '../../dist/dashboard/analysis/compare-arms.js'
import { median } from '../../dist/dashboard/analysis/quantile.js'
import { seededRandom } from '../../dist/dashboard/analysis/seeded-random.js'
import { references } from './arms.mjs'

export const metricNames = ['timeToListenMs', 'cpuToListenMs', 'rssAtListenBytes']

/**
 * The arms and ratios of one service, in the form of `prewarm compare --json`.
 *
 * @param {Record<string, import('./starts.mjs').Mark[]>} starts run `i` of every arm is one of the same round
 */
export function figuresOf(starts) {
  const random = seededRandom(1)
  const valuesOf = (arm, metric) => starts[arm].map((mark) => mark[metric])
  const names = Object.keys(starts)
  return {
    arms: names.map((name) => ({
      name,
      metrics: Object.fromEntries(
        metricNames.map((metric) => [metric, bootstrapMedian(valuesOf(name, metric), { random })]),
      ),
    })),
    ratios: pairsOf(names).flatMap(({ arm, against }) =>
      metricNames.map((metric) => ({
        ...{ arm, against, metric },
        ...pairedRatio(valuesOf(arm, metric), valuesOf(against, metric), random),
      })),
    ),
  }
}

/** Every arm with every reference that stands before it. */
function pairsOf(names) {
  return names.flatMap((arm, index) =>
    references
      .filter((against) => names.slice(0, index).includes(against))
      .map((against) => ({ arm, against })),
  )
}

/**
 * Of each ratio the median over the services, and the worst of them.
 *
 * @param {readonly { name: string, ratios: readonly { arm: string, against: string, metric: string, ratio: number }[] }[]} services
 */
export function overall(services) {
  const [first] = services
  return (first?.ratios ?? []).map(({ arm, against, metric }) => {
    const all = services.map(({ name, ratios }) => {
      const same = ratios.find(
        (each) => each.arm === arm && each.against === against && each.metric === metric,
      )
      return { service: name, ratio: same.ratio }
    })
    const worst = all.reduce((most, each) => (each.ratio > most.ratio ? each : most))
    return { arm, against, metric, median: median(all.map(({ ratio }) => ratio)), worst }
  })
}
