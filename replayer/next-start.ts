import { readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import v8 from 'node:v8'
import { encodeCodeCache, isOfOtherBuild } from '../runtime/replayer-cache.ts'
import { writeTrusted } from '../runtime/trusted-files.ts'
import type { Config } from './config.ts'
import { host } from './host.ts'
import { KnownProfile } from './known-profile.ts'
import type { Plan } from './plan.ts'

/** Clients come first. */
const afterOpenMs = 1_000

/** What the first start with a profile leaves for those after it: docs/decisions/009-light-start.md. Nothing in here throws. */
export class NextStart {
  /** Undefined: the profile is read whatever is known of it. */
  readonly known: KnownProfile | undefined
  readonly #folder: string | undefined

  constructor({ cacheDir, profile, mode, verify }: Config) {
    this.#folder = cacheDir
    const isDoubted = mode === 'strict' || verify !== undefined
    if (cacheDir === undefined || profile === undefined || isDoubted) return
    this.known = new KnownProfile(profile, cacheDir)
  }

  /** The port is open. */
  keepLater(plan: Plan): void {
    setTimeout(() => {
      this.keep(plan)
    }, afterOpenMs).unref()
  }

  keep(plan: Plan): void {
    attempt(() => this.known?.keep())
    const { cacheFile, makeCodeCache } = host
    if (this.#folder === undefined || cacheFile === undefined || makeCodeCache === undefined) return
    // It would be refused.
    if (v8.cachedDataVersionTag() !== plan.tag) return
    attempt(() => {
      const code = makeCodeCache()
      writeTrusted(cacheFile, encodeCodeCache(code), process.env['PREWARM_PROFILE'] || undefined)
      removeEarlier(path.dirname(cacheFile))
    })
  }
}

/** Of another version of prewarm. */
function removeEarlier(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (isOfOtherBuild(name, host.build)) rmSync(path.join(folder, name), { force: true })
  }
}

function attempt(action: () => void): void {
  try {
    action()
  } catch {
    // The next start does as this one did.
  }
}
