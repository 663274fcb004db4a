import { rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { knownProfileName } from '../runtime/replayer-cache.ts'
import { shortHash } from '../runtime/short-hash.ts'
import { readTrusted, writeTrusted } from '../runtime/trusted-files.ts'
import { host } from './host.ts'
import type { Outline } from './plan.ts'

/** A file as `stat` tells of it: any change of its content changes this. */
type Stamp = readonly [size: number, mtimeMs: number, ctimeMs: number, inode: number]

/** Clocks of file systems may tick as seldom: what was written so shortly before it was read may change within the same tick. */
const tickMs = 50
const maxLength = 256 * 1024

interface Known {
  readonly build: string
  readonly profile: string
  readonly stamp: Stamp
  readonly outline: Outline
}

/**
 * What an earlier start has found in a profile, in the folder of caches: as long as the file is the same one, a start need not read it.
 */
export class KnownProfile {
  readonly #profile: string
  readonly #file: string
  /** Of the file before it was read. */
  #stamp: Stamp | undefined
  #stampedAt = 0
  #news: Outline | undefined

  /**
   * @param profile - absolute path
   * @param cacheDir - absolute path
   */
  constructor(profile: string, cacheDir: string) {
    this.#profile = profile
    // Several profiles may share a folder.
    this.#file = path.join(cacheDir, knownProfileName(host.build, shortHash(profile)))
  }

  /** Undefined: nothing is known of the file as it is now. */
  find(): Outline | undefined {
    try {
      this.#stampedAt = Date.now()
      this.#stamp = stampOf(this.#profile)
      const known = JSON.parse(readTrusted(this.#file, this.#profile).toString()) as Known
      const isSame = known.build === host.build && known.profile === this.#profile
      return isSame && isEqual(known.stamp, this.#stamp) ? known.outline : undefined
    } catch {
      return undefined
    }
  }

  /** What has been read since {@link find} is to be known to the next start. */
  learn(outline: Outline): void {
    this.#news = outline
  }

  /** Throws what `fs` throws. */
  keep(): void {
    const [stamp, outline] = [this.#stamp, this.#news]
    if (stamp === undefined || outline === undefined) return
    this.#news = undefined
    const [, , ctimeMs] = stamp
    const isFresh = this.#stampedAt - ctimeMs < tickMs
    if (isFresh || !isEqual(stamp, stampOf(this.#profile))) return
    const known: Known = { build: host.build, profile: this.#profile, stamp, outline }
    const text = JSON.stringify(known)
    // What has thousands of routes is decoded as fast from the profile.
    if (text.length <= maxLength) writeTrusted(this.#file, text, this.#profile)
  }

  /** Never throws. */
  forget(): void {
    try {
      rmSync(this.#file, { force: true })
    } catch {
      // The next start finds the file that this one has found.
    }
  }
}

/** Throws what `fs` throws. */
function stampOf(file: string): Stamp {
  const { size, mtimeMs, ctimeMs, ino } = statSync(file)
  return [size, mtimeMs, ctimeMs, ino]
}

function isEqual(a: Stamp, b: Stamp): boolean {
  return a.every((value, index) => value === b[index])
}
