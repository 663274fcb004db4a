import { readdirSync, readFileSync, readlinkSync, statSync, type Stats } from 'node:fs'
import path from 'node:path'
import { sha256Bytes } from '../../formats/hash.ts'

/**
 * By which a file or folder is known again without being read: as long as all four are equal, nothing has been written to it. `ctime`
 * is there since nobody can set it, and `mtime` is put back by what unpacks, copies and syncs.
 */
export type Stamp = readonly [mtimeMs: number, ctimeMs: number, ino: number, size: number]

/** undefined: there is nothing of that name. */
export function stampOf(file: string): Stamp | undefined {
  const stats = statOf(file)
  return stats === undefined ? undefined : stampIn(stats)
}

export function isSame(file: string, stamp: Stamp | null): boolean {
  if (stamp === null) return false
  const stats = statOf(file)
  return (
    stats?.mtimeMs === stamp[0] &&
    stats.ctimeMs === stamp[1] &&
    stats.ino === stamp[2] &&
    stats.size === stamp[3]
  )
}

/** A file system may tell times by ticks of its clock: what is written within one leaves no trace. */
const tickMs = 100
/** Where times have no fractions, its clock has none. */
const wholeSecondsMs = 2_100

/** null: it was written so recently that the stamp would not tell from what is written next. */
export function settled(stamp: Stamp, now: number): Stamp | null {
  const [mtimeMs, ctimeMs] = stamp
  const tick = ctimeMs % 1000 === 0 ? wholeSecondsMs : tickMs
  return now - Math.max(mtimeMs, ctimeMs) > tick ? stamp : null
}

/** What services, and prewarm, write beside their files with every start, and no module is called. */
export function isPassing(name: string): boolean {
  return /\.(?:log|pid|tmp)$|\.prewarm(?:$|\.)/.test(name)
}

/** What a loader can see of a folder without reading files: names, what they name, and where links lead. Throws what `fs` throws. */
export function listingOf(folder: string): Uint8Array {
  const all = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !isPassing(name))
  const entries = all.map((entry) => {
    const { name } = entry
    if (entry.isSymbolicLink()) return `${name}\0${readlinkSync(path.join(folder, name))}`
    return `${name}\0${entry.isDirectory() ? '/' : ''}`
  })
  return sha256Bytes(Buffer.from(entries.sort().join('\n')))
}

/** What is watched is a folder, or this. */
export function isManifest(file: string): boolean {
  return path.basename(file) === 'package.json'
}

/** Throws what `fs` throws. */
export function contentOf(file: string): Uint8Array {
  return sha256Bytes(readFileSync(file))
}

function statOf(file: string): Stats | undefined {
  return statSync(file, { throwIfNoEntry: false })
}

function stampIn({ mtimeMs, ctimeMs, ino, size }: Stats): Stamp {
  return [mtimeMs, ctimeMs, ino, size]
}
