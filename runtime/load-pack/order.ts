import type { Place } from '../compile-cache/folder.ts'

/** What a process or thread is asked for that writes a load pack. */
export interface PackOrder {
  readonly place: Place
  /** See {@link PackIndex}. */
  readonly renewals: number
}
