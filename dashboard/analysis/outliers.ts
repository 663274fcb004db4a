import { quantileOfSorted } from './quantile.ts'

/** Values that a value is judged by: that many around it. */
export const defaultOutlierWindow = 200

/** Values on each side that it takes at least; nothing can be said of the first rounds of a service. */
const leastHalf = 5

/**
 * Indices of the values outside median +- 3 (p90 - p10) of the window around them: `window / 2` values before, the value itself
 * and `window / 2 - 1` after. It is the rule of Barrett et al., "Virtual machine warmup blows hot and cold", OOPSLA 2017, after
 * Tukey, as their program `warmup_stats` has it; towards the end the window is cut at the last value, as there.
 *
 * At the start that program judges nothing before `window / 2`. Pauses would then be left in the first rounds and taken out of
 * all others, which looks like warm-up. Here the window narrows to as many values on either side as there are before; the
 * first 5 are not judged. A slow start is safe from that: at least half of such a window is no later than the value.
 */
export function outliers(
  values: ArrayLike<number>,
  window: number = defaultOutlierWindow,
): readonly number[] {
  const half = Math.floor(window / 2)
  const found: number[] = []
  const sorted = new SortedWindow(2 * half)
  let from = 0
  let to = 0
  for (let index = Math.min(half, leastHalf); index < values.length; index++) {
    const reachedTo = Math.min(values.length, index + Math.min(half, index))
    while (from < index - half) sorted.remove(values[from++] ?? 0)
    while (to < reachedTo) sorted.add(values[to++] ?? 0)
    const content = sorted.content()
    const reach = 3 * (quantileOfSorted(content, 0.9) - quantileOfSorted(content, 0.1))
    if (Math.abs((values[index] ?? 0) - quantileOfSorted(content, 0.5)) > reach) found.push(index)
  }
  return found
}

/** Sorting a window anew for each value would take most of the time of an analysis. */
class SortedWindow {
  readonly #values: Float64Array
  #size = 0

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity)
  }

  content(): Float64Array {
    return this.#values.subarray(0, this.#size)
  }

  add(value: number): void {
    const place = this.#placeOf(value)
    this.#values.copyWithin(place + 1, place, this.#size)
    this.#values[place] = value
    this.#size++
  }

  remove(value: number): void {
    const place = this.#placeOf(value)
    this.#values.copyWithin(place, place + 1, this.#size)
    this.#size--
  }

  /** Index of the first that is not smaller. */
  #placeOf(value: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#values[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low
  }
}
