/** What an application has reported of one start: JSON, in the order in which it was seen. */
export type Document = readonly (readonly [name: string, value: unknown])[]

const mostDifferences = 20

/** Of Node's own modules the name of the function counts, not the place: `at Module.load (node:internal/...:1:2)`. */
const internalFrame = /^(\s+at (?:async )?)(?:(.*) \()?node:internal\/.*$/

export interface Comparison {
  /** Whether the frames of stack traces count, and what code makes of them. */
  readonly hasFrames?: boolean
  /** Names that may differ. */
  readonly except?: readonly string[]
}

/** What differs between two starts, one line for each place; empty: nothing does. */
export function differences(
  expected: Document,
  actual: Document,
  { hasFrames = true, except = [] }: Comparison = {},
): string[] {
  const found: string[] = []
  // Where one has seen more than the other, everything behind that would differ.
  const length = Math.max(expected.length, actual.length)
  for (let at = 0; at < length && found.length < mostDifferences; at++) {
    const [one, other] = [expected[at], actual[at]]
    if (one?.[0] !== other?.[0]) {
      found.push(`[${at}] after ${expected[at - 1]?.[0] ?? 'the beginning'}: ${sides(one, other)}`)
      break
    }
    const name = one?.[0] ?? ''
    if (except.includes(name) || (!hasFrames && name.startsWith('frames: '))) continue
    const values = [one?.[1], other?.[1]].map((value) => (hasFrames ? value : withoutFrames(value)))
    compare(`[${at}] ${name}`, values[0], values[1], found)
  }
  return found.slice(0, mostDifferences)
}

function compare(place: string, one: unknown, other: unknown, found: string[]): void {
  if (isInternalFrame(one) && isInternalFrame(other)) return
  if (isObject(one) && isObject(other) && Array.isArray(one) === Array.isArray(other)) {
    const keys = [Object.keys(one), Object.keys(other)] as const
    if (!Array.isArray(one) && keys[0].join() !== keys[1].join()) {
      found.push(`${place}, keys: ${sides(keys[0], keys[1])}`)
    } else if (Array.isArray(one) && isOfNode(one)) {
      // Nothing was found, or could not be loaded: how Node searches depends on who answers, and whether there are hooks.
      compare(`${place}.0`, one[0], Object.values(other)[0], found)
    } else if (Array.isArray(one) && isStack(one) && isStack(Object.values(other))) {
      compareStacks(place, one, Object.values(other) as string[], found)
    } else if (Array.isArray(one) && keys[0].length !== keys[1].length) {
      found.push(`${place}, ${keys[0].length} and ${keys[1].length} items: ${sides(one, other)}`)
    } else for (const key of keys[0]) compare(`${place}.${key}`, one[key], other[key], found)
  } else if (normal(one) !== normal(other)) found.push(`${place}: ${sides(one, other)}`)
}

/** A frame as `Error.prepareStackTrace` gets it. */
function isInternalFrame(value: unknown): boolean {
  return isObject(value) && String(value['file']).startsWith('node:internal/')
}

function isStack(lines: readonly unknown[]): lines is readonly string[] {
  return (
    lines.length > 1 &&
    lines.every((line) => typeof line === 'string') &&
    lines.some((line) => /^\s+at /.test(line))
  )
}

/**
 * The same frames; where a module is left to Node by somebody who replaces parts of its loader there is one more in between, so
 * that those of files count then, as far as both stacks reach.
 */
function compareStacks(
  place: string,
  one: readonly string[],
  other: readonly string[],
  found: string[],
): void {
  if (one.map(normal).join('\n') === other.map(normal).join('\n')) return
  const [expected, actual] = [one, other].map((lines) =>
    lines.filter((line) => !/\bnode:|\breplayer\.cjs/.test(line)),
  ) as [string[], string[]]
  const reach = Math.min(expected.length, actual.length)
  if (expected.slice(0, reach).join('\n') === actual.slice(0, reach).join('\n')) return
  found.push(`${place}: ${sides(expected, actual)}`)
}

/** Whether Node itself has thrown. */
function isOfNode(lines: readonly unknown[]): boolean {
  const first = lines.find((line) => typeof line === 'string' && /^\s+at /.test(line))
  return typeof first === 'string' && /\(?node:/.test(first)
}

/** As code that reads stack traces sees less where there are other frames, all that comes of it is left out. */
function withoutFrames(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(/(?:^|\n)\s+at .*/g, '')
  if (Array.isArray(value)) return value.map(withoutFrames).filter((each) => each !== '')
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutFrames(each)]))
}

function normal(value: unknown): unknown {
  if (typeof value !== 'string') return value
  return value
    .split('\n')
    .map((line) => line.replace(internalFrame, '$1$2'))
    .join('\n')
}

function sides(one: unknown, other: unknown): string {
  return `\n    expected ${text(one)}\n    but saw  ${text(other)}`
}

function text(value: unknown): string {
  const all = JSON.stringify(value, null, Array.isArray(value) ? 2 : 0) as string | undefined
  return all === undefined ? 'nothing' : all.slice(0, 3000)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
