import type { Recording } from './recording.ts'

/** An entry of one recording. */
export interface Member<T> {
  readonly of: Recording
  /** In the list that it comes from. */
  readonly index: number
  readonly entry: T
}

/** What is the same thing in several recordings, each of them once; in the order of the recordings. */
export type Group<T> = readonly [Member<T>, ...Member<T>[]]

export interface Source<T> {
  readonly of: Recording
  readonly entries: readonly T[]
}

/**
 * Entries with the same key as groups, in the order in which they come. Where a list has several with one key, its first
 * goes with the first of the others, its second with the second: merged with itself, a list stays as it is.
 */
export function unite<T>(
  sources: readonly Source<T>[],
  keyOf: (entry: T, of: Recording) => string,
): Group<T>[] {
  const groups = new Map<string, [Member<T>, ...Member<T>[]]>()
  for (const { of, entries } of sources) {
    const seen = new Map<string, number>()
    entries.forEach((entry, index) => {
      const key = keyOf(entry, of)
      const nth = seen.get(key) ?? 0
      seen.set(key, nth + 1)
      const place = `${nth} ${key}`
      const group = groups.get(place)
      if (group === undefined) groups.set(place, [{ of, index, entry }])
      else group.push({ of, index, entry })
    })
  }
  return [...groups.values()]
}

/** Where the entries of recordings are in the merged list. */
export class Places {
  readonly #byRecording = new Map<Recording, Map<number, number>>()

  /** @param groups - in the order of the merged list */
  constructor(groups: readonly Group<unknown>[]) {
    groups.forEach((group, place) => {
      for (const { of, index } of group) this.#placesOf(of).set(index, place)
    })
  }

  /** undefined: it is not in the merged list. */
  of(recording: Recording, index: number): number | undefined {
    return this.#byRecording.get(recording)?.get(index)
  }

  #placesOf(recording: Recording): Map<number, number> {
    const places = this.#byRecording.get(recording) ?? new Map<number, number>()
    this.#byRecording.set(recording, places)
    return places
  }
}
