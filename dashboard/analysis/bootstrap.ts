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
    medians[index] = quantileOfSorted(sortFew(resample), 0.5)
  }
  medians.sort()
  return {
    median: centre,
    low: quantileOfSorted(medians, (1 - level) / 2),
    high: quantileOfSorted(medians, (1 + level) / 2),
  }
}

/** In place, by insertion: of a few values several times as fast as `sort`. */
function sortFew(values: Float64Array): Float64Array {
  if (values.length > 40) return values.sort()
  for (let index = 1; index < values.length; index++) {
    const value = values[index] ?? NaN
    let place = index
    for (; place > 0 && (values[place - 1] ?? NaN) > value; place--) {
      values[place] = values[place - 1] ?? NaN
    }
    values[place] = value
  }
  return values
}
