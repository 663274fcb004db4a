import { sha256 } from '../formats/hash.ts'

/**
 * What is kept in the folder of caches for one build of the replayer: its own code cache, one for each Node and V8 flags, and what is
 * known of profiles.
 */

/** Version of prewarm, and what its script is: a cache is of one build. */
export function buildOf(version: string, script: Uint8Array): string {
  return `${version}-${sha256(script).slice(0, 12)}`
}

/** File name of V8's code cache of the replayer. */
export function codeCacheName(build: string, tag: number): string {
  return `prewarm-replayer-${build}-${process.version}-${process.arch}-${tag.toString(16)}`
}

/** File name of what is known of a profile. */
export function knownProfileName(build: string, hash: string): string {
  return `prewarm-profile-${build}-${hash}.json`
}

export function isOfOtherBuild(name: string, build: string): boolean {
  return /^prewarm-(?:replayer|profile)-/.test(name) && !name.includes(`-${build}-`)
}

/**
 * The code stands there twice: V8 would run what is damaged, and to compare it takes a part of the time that it would to load
 * something that computes a checksum.
 */
export function encodeCodeCache(code: Uint8Array): Uint8Array {
  return Buffer.concat([code, code])
}

/** Undefined: it is damaged. */
export function decodeCodeCache(content: Buffer): Buffer | undefined {
  const half = content.length / 2
  const code = content.subarray(0, half)
  return Number.isInteger(half) && code.equals(content.subarray(half)) ? code : undefined
}
