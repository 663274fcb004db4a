/**
 * Parsers of option values. They throw commander's `InvalidArgumentError`, which it completes with the name of the
 * option and the value.
 */
import { InvalidArgumentError } from 'commander'
import { maxTimeoutMs } from '../formats/setting-kinds.ts'

const maxRuns = 10_000
const minRate = 0.1
/** A single client process can hardly send more. */
const maxRate = 50_000

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 }

/** `250ms`, `1.5s`, `2m` or `0`, in whole milliseconds that a timer can wait for. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text === '0' ? '0ms' : text) ?? []
  const factor = unitMs[unit ?? '']
  if (amount === undefined || factor === undefined) {
    throw new InvalidArgumentError('Give a number with its unit: 250ms, 3s or 2m.')
  }
  const ms = Math.round(Number(amount) * factor)
  if (ms > maxTimeoutMs) throw new InvalidArgumentError(`Give ${maxTimeoutMs}ms at most.`)
  return ms
}

/** In the largest unit that leaves a whole number: `90s`, `2m`. */
export function formatDuration(ms: number): string {
  if (ms % 60_000 === 0) return `${ms / 60_000}m`
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}

/** The same for what cannot be 0. */
export function parsePositiveDuration(text: string): number {
  const ms = parseDuration(text)
  if (ms === 0) throw new InvalidArgumentError('Give 1ms at least.')
  return ms
}

/** A parser of whole numbers in decimal digits, both ends included. */
export function wholeNumber(smallest: number, largest?: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    const isInRange = value >= smallest && value <= (largest ?? Number.MAX_SAFE_INTEGER)
    if (/^\d+$/.test(text) && isInRange) return value
    const upper = largest === undefined ? '' : ` and at most ${largest}`
    throw new InvalidArgumentError(`Give a whole number of at least ${smallest}${upper}.`)
  }
}

/** `10`, or `10-40` for a range; both ends included. */
export function parseRuns(text: string): { readonly fewest: number; readonly most: number } {
  const [, fewest = '', most = fewest] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const range = { fewest: Number(fewest), most: Number(most) }
  if (range.fewest >= 1 && range.fewest <= range.most && range.most <= maxRuns) return range
  throw new InvalidArgumentError(
    `Give a whole number of at least 1 and at most ${maxRuns}, or a range such as 10-40.`,
  )
}

/** Requests per second. */
export function parseRate(text: string): number {
  const rate = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : NaN
  if (rate >= minRate && rate <= maxRate) return rate
  throw new InvalidArgumentError(`Give requests per second, from ${minRate} to ${maxRate}.`)
}

/** `80%` as 0.8. */
export function parseShare(text: string): number {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text) ?? []
  if (percent === undefined || Number(percent) > 100) {
    throw new InvalidArgumentError('Give a share from 0% to 100%.')
  }
  return Number(percent) / 100
}

/** For an option that may be repeated. */
export function append(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text]
}

/** For an option that may be repeated, and has several names with commas between them. */
export function appendNames(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, ...text.split(',').filter((name) => name !== '')]
}
