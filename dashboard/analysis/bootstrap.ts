import type { Estimate } from '../../formats/compare-report.ts'
import { median, quantileOfSorted } from './quantile.ts'
import type { Random } from './seeded-random.ts'

/** Under this many values resampling says nothing about the spread. */
export const minBootstrapValues = 3

export interface BootstrapOptions {
  readonly random: Random
  /** At least 2000 for the ends of a 95 % interval. */
  readonly resamples?: number
  /** Share of intervals that are meant to hold the truth. */
  readonly level?: number
}

/**
 * The median of the values with its percentile bootstrap interval: Efron and Tibshirani, "An Introduction to
 * the Bootstrap" (1993), chapter 13. Under {@link minBootstrapValues} values both ends equal the median.
 */
export function bootstrapMedian(values: readonly number[], options: BootstrapOptions): Estimate {
  const { random, resamples = 2000, level = 0.95 } = options
  const centre = median(values)
  if (values.length < minBootstrapValues) return { median: centre, low: centre, high: centre }
  const resample = new Float64Array(values.length)
  const medians = new Float64Array(resamples)
  for (let index = 0; index < resamples; index++) {
    for (let place = 0; place < resample.length; place++) {
      resample[place] = values[Math.floor(random() * values.length)] ?? NaN
    }
    medians[index] = quantileOfSorted(resample.sort(), 0.5)
  }
  medians.sort()
  return {
    median: centre,
    low: quantileOfSorted(medians, (1 - level) / 2),
    high: quantileOfSorted(medians, (1 + level) / 2),
  }
}
