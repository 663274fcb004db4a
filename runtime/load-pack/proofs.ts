import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Pack, PackedFile } from './pack.ts'
import { contentOf, isManifest, isSame, listingOf, settled, stampOf, type Stamp } from './stamps.ts'

/**
 * How long it counts that a folder or manifest was found unchanged, ms. A start asks for the same ones thousands of times within
 * milliseconds; Node's own loaders remember what they have seen of them for as long as the process lives.
 */
const validMs = 20

/** Whether what a pack was made of is still as it was. */
export class Proofs {
  readonly #root: string
  readonly #pack: Pack
  readonly #isTrusted: boolean
  /** When each was last found unchanged; NaN: it has changed. */
  readonly #seen: Float64Array
  /** Of what was read, and found to be as it was with another stamp. */
  readonly #stamps = new Map<number, Stamp | null>()

  /** @param isTrusted - nothing is ever looked at */
  constructor(root: string, pack: Pack, isTrusted: boolean) {
    this.#root = root
    this.#pack = pack
    this.#isTrusted = isTrusted
    this.#seen = new Float64Array(pack.index.watched.length).fill(-Infinity)
  }

  /** @param places - indices of what is watched, from the one at `from` on */
  hold(places: readonly number[], from = 0): boolean {
    if (this.#isTrusted) return true
    const now = performance.now()
    for (let index = from; index < places.length; index++) {
      if (!this.#holds(places[index] ?? -1, now)) return false
    }
    return true
  }

  /** @param source - what the pack has of it; undefined: nothing */
  isUnchanged(file: PackedFile, absolute: string, source: () => string | undefined): boolean {
    if (this.#isTrusted) return true
    if (!this.hold(this.#pack.index.scopes[file.scope] ?? [])) return false
    if (isSame(absolute, file.stamp)) return true
    try {
      return readFileSync(absolute, 'utf8').replace(/^\uFEFF/, '') === source()
    } catch {
      return false
    }
  }

  #holds(place: number, now: number): boolean {
    const seen = this.#seen[place]
    if (seen === undefined || Number.isNaN(seen)) return false
    if (now - seen < validMs) return true
    const isHeld = this.#look(place)
    this.#seen[place] = isHeld ? now : NaN
    return isHeld
  }

  #look(place: number): boolean {
    const name = this.#pack.index.watched[place]
    if (name === undefined) return false
    const file = path.join(this.#root, name)
    const { stamp: packed, hash } = this.#pack.watchedAt(place)
    if (isSame(file, this.#stamps.get(place) ?? packed)) return true
    try {
      // Unpacked or copied, or written to and put back.
      const stamp = stampOf(file)
      const found = isManifest(file) ? contentOf(file) : listingOf(file)
      if (Buffer.compare(found, hash) !== 0) return false
      this.#stamps.set(place, stamp === undefined ? null : settled(stamp, Date.now()))
      return true
    } catch {
      return false
    }
  }
}
