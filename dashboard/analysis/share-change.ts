/** By less than this factor a share has not changed to speak of, however many events say so. */
const leastFactor = 1.5
/** Standard errors: with thousands of functions, fewer would name some by chance alone. */
const leastErrors = 4

/**
 * Whether a part of all events has become larger or smaller: by half at least, and by more than chance (test of two proportions,
 * with a pooled error). Samples of a profiler and requests are such events.
 */
export function shareChange(
  before: { readonly part: number; readonly all: number },
  after: { readonly part: number; readonly all: number },
): 'larger' | 'smaller' | undefined {
  if (before.all === 0 || after.all === 0) return undefined
  const from = before.part / before.all
  const to = after.part / after.all
  const pooled = (before.part + after.part) / (before.all + after.all)
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / before.all + 1 / after.all))
  if (error === 0 || Math.abs(to - from) < leastErrors * error) return undefined
  if (to >= from * leastFactor) return 'larger'
  return to * leastFactor <= from ? 'smaller' : undefined
}
