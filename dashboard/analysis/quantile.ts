/**
 * Quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan, "Sample quantiles
 * in statistical packages", The American Statistician 50 (1996); what R and NumPy do by default.
 * NaN for no values.
 */
export function quantile(values: ArrayLike<number>, p: number): number {
  return quantileOfSorted(Float64Array.from(values).sort(), p)
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** The same for values in ascending order. */
export function quantileOfSorted(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const low = sorted[below] ?? NaN
  const high = sorted[below + 1] ?? low
  // Between infinities there is nothing to interpolate.
  if (position === below || low === high) return low
  return low + (high - low) * (position - below)
}
