import type { WarmupClass } from '../../formats/compare-report.ts'
import { changepoints, defaultPenaltyFactor } from './changepoints.ts'
import { defaultOutlierWindow, outliers } from './outliers.ts'

/** Rounds between two changes; the statistics are those of the rounds that are no outliers. */
export interface Segment {
  /** Index of its first round, from 0. */
  readonly from: number
  /** Index after its last round. */
  readonly to: number
  readonly meanMs: number
  /** Standard deviation of the rounds, n - 1. */
  readonly sdMs: number
}

export interface SteadyState {
  readonly class: WarmupClass
  readonly segments: readonly Segment[]
  /** Index of the round with which the steady state begins: so many rounds came before. Null: there is none. */
  readonly steadyFrom: number | null
  /** Mean of all rounds from there on, outliers too: ordinary pauses belong to the level. */
  readonly steadyLevelMs: number | null
  /** Sum of the rounds before: the time it took one connection that waits for each answer. */
  readonly timeToSteadyMs: number | null
}

export interface SteadyStateOptions {
  /** Share of the steady level by which a segment may differ and yet be the same. */
  readonly tolerance?: number
  /** Standard errors by which it may. */
  readonly standardErrors?: number
  /** Share of the rounds, at the end, in which nothing may change. */
  readonly steadyShare?: number
  /** Share of the rounds that a stretch between steady ones may last and be an interruption only. */
  readonly interruptionShare?: number
  /** Of the penalty of a changepoint, times ln n; see {@link changepoints}. */
  readonly penaltyFactor?: number
  /** Of all rounds that an outlier is told by; see {@link outliers}. */
  readonly outlierWindow?: number
}

/** Chosen, not measured: of fewer rounds the last quarter is under ten, and a class says little. */
export const minClassifiedRounds = 40

/** A clock that stood still gives 0, which has no logarithm. */
const leastMs = 1e-6

/** Found by `npm run calibrate`; docs/decisions/006-steady-state.md has the figures. */
export const steadyStateDefaults = {
  tolerance: 0.1,
  standardErrors: 3,
  steadyShare: 0.25,
  interruptionShare: 0.05,
  penaltyFactor: defaultPenaltyFactor,
} as const satisfies SteadyStateOptions

/**
 * Segments and class of the rounds of one process, ms each; null under {@link minClassifiedRounds}.
 *
 * After Barrett, Bolz-Tereick, Killick, Mount and Tratt, "Virtual machine warmup blows hot and cold", OOPSLA 2017: outliers
 * are left out, changepoints cut the rest into segments, and from the end backwards segments join the steady state as long
 * as they are equivalent to its last. What differs from their program, and why:
 *
 * - Theirs calls segments equivalent whose mean +- variance overlap, or mean +- 1 ms. A variance is in ms squared, so that in
 *   another unit other segments would be equivalent. Here a segment of n rounds is, when its mean is within
 *   `standardErrors` sd / sqrt(n) of the steady mean, sd being that of the steady segment: what n steady rounds may have as
 *   their mean by chance. Its own sd would not do: two rounds of 150 and 3 ms are not steady because they differ.
 * - Changes are looked for in the logarithms of the rounds, whose noise is much nearer to the normal one that the cost
 *   assumes: the tail of latencies is long, and their spread grows with the level.
 * - Instead of 1 ms it is a share of the steady level, since rounds last from under a millisecond to seconds.
 * - Instead of the last 500 iterations it is the last quarter in which nothing may change.
 * - A stretch of a few rounds between steady ones, or after them, is an interruption (a neighbour on the machine, a major
 *   garbage collection), and part of the steady state as outliers are.
 */
export function steadyStateOf(
  roundMs: ArrayLike<number>,
  options: SteadyStateOptions = {},
): SteadyState | null {
  const rounds = roundMs.length
  if (rounds < minClassifiedRounds) return null
  const settings = { ...steadyStateDefaults, ...options }
  const segments = segmentsOf(roundMs, {
    window: options.outlierWindow ?? defaultWindow(rounds),
    penaltyFactor: settings.penaltyFactor,
  })
  const { class: found, steadyFrom } = classify(segments, rounds, settings)
  if (steadyFrom === null) {
    return { class: found, segments, steadyFrom, steadyLevelMs: null, timeToSteadyMs: null }
  }
  return {
    class: found,
    segments,
    steadyFrom,
    steadyLevelMs: sumOf(roundMs, steadyFrom, rounds) / (rounds - steadyFrom),
    timeToSteadyMs: sumOf(roundMs, 0, steadyFrom),
  }
}

/** Half of the rounds, where those are few: a window of all of them would span the warm-up. */
function defaultWindow(rounds: number): number {
  return Math.min(defaultOutlierWindow, Math.floor(rounds / 2))
}

function segmentsOf(
  roundMs: ArrayLike<number>,
  { window, penaltyFactor }: { readonly window: number; readonly penaltyFactor: number },
): readonly Segment[] {
  const left = new Set(outliers(roundMs, window))
  const kept = Array.from(roundMs, (_, index) => index).filter((index) => !left.has(index))
  const values = Float64Array.from(kept, (index) => roundMs[index] ?? NaN)
  const logs = values.map((ms) => Math.log(Math.max(ms, leastMs)))
  const starts = [0, ...changepoints(logs, { penalty: penaltyFactor * Math.log(values.length) })]
  return starts.map((start, place) => {
    const end = starts[place + 1] ?? values.length
    const part = values.subarray(start, end)
    const meanMs = sumOf(part, 0, part.length) / part.length
    const squares = part.reduce((sum, value) => sum + (value - meanMs) ** 2, 0)
    return {
      // An outlier between two segments counts to the one before it.
      from: place === 0 ? 0 : (kept[start] ?? 0),
      to: kept[end] ?? roundMs.length,
      meanMs,
      sdMs: Math.sqrt(squares / Math.max(1, part.length - 1)),
    }
  })
}

function classify(
  segments: readonly Segment[],
  rounds: number,
  settings: Required<Omit<SteadyStateOptions, 'outlierWindow'>>,
): Pick<SteadyState, 'class' | 'steadyFrom'> {
  const longestInterruption = Math.ceil(rounds * settings.interruptionShare)
  // What covers the rounds before an interruption at the very end.
  const anchor = segments.findIndex(({ to }) => to > rounds - 1 - longestInterruption)
  const steady = segments[anchor]
  if (steady === undefined) return { class: 'no-steady-state', steadyFrom: null }
  const compared = segments.map((segment) => compare(segment, steady, settings))
  let first = anchor
  for (let index = anchor - 1; index >= 0; index--) {
    if (compared[index] === 'same') first = index
    else if (roundsBetween(segments, index, first) > longestInterruption) break
  }
  const steadyFrom = segments[first]?.from ?? 0
  if (rounds - steadyFrom < rounds * settings.steadyShare) {
    return { class: 'no-steady-state', steadyFrom: null }
  }
  const before = compared.slice(0, first)
  if (before.includes('faster')) return { class: 'slowdown', steadyFrom }
  return { class: before.includes('slower') ? 'warmup' : 'flat', steadyFrom }
}

/** How long the stretch from the segment up to the first steady one is. */
function roundsBetween(segments: readonly Segment[], index: number, first: number): number {
  return (segments[first]?.from ?? 0) - (segments[index]?.from ?? 0)
}

function compare(
  segment: Segment,
  steady: Segment,
  { tolerance, standardErrors }: { readonly tolerance: number; readonly standardErrors: number },
): 'same' | 'faster' | 'slower' {
  const error = (standardErrors * steady.sdMs) / Math.sqrt(segment.to - segment.from)
  const difference = segment.meanMs - steady.meanMs
  if (Math.abs(difference) <= Math.max(error, tolerance * steady.meanMs)) return 'same'
  return difference < 0 ? 'faster' : 'slower'
}

function sumOf(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0
  for (let index = from; index < to; index++) sum += values[index] ?? NaN
  return sum
}
