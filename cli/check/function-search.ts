import { sha256 } from '../../formats/hash.ts'
import type { HotFunction } from '../../formats/profile.ts'

const isSpace = /\s/
const isName = /[\p{ID_Continue}$\u200c\u200d]/u
/** What comes after the end of a function that does not end in a brace. */
const afterExpression = /^[\s,;)\]}]?$/
/** Places that are tried around the expected one: whole functions are moved far, but mostly with what is around them. */
const triesPerFunction = 2000

/** How much may still be hashed, UTF-16 code units: a second or so for all files together. */
export interface Effort {
  charactersLeft: number
}

/**
 * Which functions of a file are still there after the file has changed: their very source is somewhere in it. What is found
 * is certain, by length and hash. One that was moved far by itself, or comes when no effort is left, may be missed.
 */
export function findUnchanged(
  functions: readonly HotFunction[],
  sourceLength: number,
  text: string,
  effort: Effort,
): ReadonlySet<HotFunction> {
  const found = new Set<HotFunction>()
  const places = possibleStarts(text)
  // What was moved is moved by as much as what is before it, or not at all, or by all that the file has grown.
  let shift = 0
  const inOrder = [...functions].sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
  for (const each of inOrder) {
    const { position, length, sourceHash } = each
    if (position === null || length === null || sourceHash === null) continue
    const isAt = (start: number): boolean => {
      if (start < 0 || start + length > text.length || effort.charactersLeft < length) return false
      effort.charactersLeft -= length
      return sha256(text.slice(start, start + length)) === sourceHash
    }
    const likely = [shift, 0, text.length - sourceLength].map((by) => position + by)
    const start =
      likely.find(isAt) ?? nearby(places, position + shift).find(isPlausible(text, length, isAt))
    if (start === undefined) continue
    found.add(each)
    shift = start - position
  }
  return found
}

/** Hashing is the dear part. */
function isPlausible(
  text: string,
  length: number,
  isAt: (start: number) => boolean,
): (start: number) => boolean {
  return (start) => {
    const end = start + length
    const mayEnd = text[end - 1] === '}' || afterExpression.test(text[end] ?? '')
    return mayEnd && isAt(start)
  }
}

/** The ascending `places` around an expected one, the nearest first. */
function nearby(places: readonly number[], expected: number): readonly number[] {
  let after = firstFrom(places, expected)
  let before = after - 1
  const nearest: number[] = []
  while (nearest.length < triesPerFunction) {
    const down = places[before]
    const up = places[after]
    if (down === undefined && up === undefined) break
    const isDown = up === undefined || (down !== undefined && expected - down < up - expected)
    nearest.push((isDown ? down : up) ?? 0)
    if (isDown) before--
    else after++
  }
  return nearest
}

/** Index of the first place that is not before an offset. */
function firstFrom(places: readonly number[], offset: number): number {
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}

/** Where the source of a function can begin: an opening parenthesis, what is before an arrow without one, or `async` of an arrow. Ascending. */
function possibleStarts(text: string): readonly number[] {
  const found: number[] = []
  for (const { 0: token, index } of text.matchAll(/\(|=>|\basync\b/g)) {
    if (token !== '=>') found.push(index)
    else {
      const start = startOfParameter(text, index)
      if (start !== undefined) found.push(start)
    }
  }
  return found
}

/** Of `item => ...`, whose arrow is at `arrow`; undefined: there is a parenthesis. */
function startOfParameter(text: string, arrow: number): number | undefined {
  let end = arrow
  while (end > 0 && isSpace.test(text.charAt(end - 1))) end--
  let start = end
  while (start > 0 && isName.test(text.charAt(start - 1))) start--
  return start === end ? undefined : start
}
