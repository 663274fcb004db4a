import type { Profile } from '../profile.ts'

/** A profile that goes into a merged one. */
export interface Recording {
  /** For people: its file. */
  readonly name: string
  /** SHA-256 of the file. */
  readonly digest: string
  readonly profile: Profile
  /** Its requests, calls, samples and times count so many times; more than 0. */
  readonly weight: number
}

/**
 * The one with the most requests and calls first, of these the newest: an order that does not depend on the one in
 * which they were named.
 */
export function heaviestFirst(recordings: readonly Recording[]): readonly Recording[] {
  return [...recordings].sort(
    (a, b) =>
      loadOf(b) - loadOf(a) || compare(createdAt(b), createdAt(a)) || compare(a.digest, b.digest),
  )
}

/** The last that was recorded; of several at the same time, the first. Of at least one. */
export function newestOf<T extends { readonly of: Recording }>(members: readonly [T, ...T[]]): T {
  return members.reduce((newest, each) =>
    createdAt(each.of) > createdAt(newest.of) ? each : newest,
  )
}

/** The last that was recorded first; of several at the same time in their order. */
export function newestFirst<T extends { readonly of: Recording }>(members: readonly T[]): T[] {
  return [...members].sort((a, b) => compare(createdAt(b.of), createdAt(a.of)))
}

function loadOf({ profile: { meta, work }, weight }: Recording): number {
  return weight * work.reduce((calls, { count }) => calls + count, meta.requestCount)
}

/** ISO 8601 in UTC, which sorts as a text. */
function createdAt({ profile }: Recording): string {
  return profile.meta.createdAt
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
