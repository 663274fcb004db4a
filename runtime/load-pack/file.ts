import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import v8 from 'node:v8'
import { realBaseOf, type Place } from '../compile-cache/folder.ts'
import { checkOwner } from '../trusted-files.ts'
import { decodeHead, headBytes, headSize, type Pack, type PackIndex } from './pack.ts'

const extension = '.pack'

/** One for each Node and its V8 flags, beside the folder of Node's own compile cache. */
function packIn(base: string): string {
  const tag = v8.cachedDataVersionTag().toString(16)
  return path.join(base, `${process.version}-${process.arch}-${tag}${extension}`)
}

export interface OpenedPack extends Pack {
  readonly file: string
  /** Open for reading. */
  readonly descriptor: number
}

/** undefined: there is none, or it is damaged. Throws when others could have written it. */
export function openPack(place: Place): OpenedPack | undefined {
  const base = attempt(() => realBaseOf(place))
  if (base === undefined) return undefined
  const file = packIn(base)
  const descriptor = attempt(() => openSync(file, 'r'))
  if (descriptor === undefined) return undefined
  try {
    for (const each of [place.folder, base]) checkOwner(statSync(each), each, place.profile)
    checkOwner(fstatSync(descriptor), file, place.profile)
    const pack = readHead(descriptor)
    if (pack !== undefined) return { ...pack, file, descriptor }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
  closeSync(descriptor)
  return undefined
}

/** Throws what `fs` throws, and when the file is cut off. */
function readHead(descriptor: number): Pack | undefined {
  const head = Buffer.allocUnsafeSlow(headBytes)
  readFully(descriptor, head, 0)
  const size = headSize(head)
  if (size === undefined) return undefined
  const bytes = Buffer.allocUnsafeSlow(size)
  readFully(descriptor, bytes, 0)
  return decodeHead(bytes)
}

/** Fills `bytes` with what the file has from `position` on. Throws what `fs` throws, and when the file ends before. */
export function readFully(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const read = readSync(descriptor, bytes, at, bytes.length - at, position + at)
    if (read === 0) throw new Error('The load pack is cut off')
    at += read
  }
}

/** So long at most a pack is being written. */
const writingMs = 60_000

/**
 * Of several processes that have started at once, one writes. Throws what the file system throws.
 *
 * @returns undefined: another one does
 */
export function claimPack(place: Place): (() => void) | undefined {
  mkdirSync(place.folder, { recursive: true, mode: 0o755 })
  const base = realBaseOf(place)
  mkdirSync(base, { recursive: true, mode: 0o755 })
  const claim = `${packIn(base)}.writing`
  const age = attempt(() => Date.now() - statSync(claim).mtimeMs)
  if (age !== undefined && age > writingMs) rmSync(claim, { force: true })
  const descriptor = attempt(() => openSync(claim, 'wx', 0o600))
  if (descriptor === undefined) return undefined
  closeSync(descriptor)
  return () => {
    rmSync(claim, { force: true })
  }
}

/** In one step; what was made of earlier states of the profile goes. Throws what the file system throws. */
export function writePack(place: Place, parts: readonly Uint8Array[]): string {
  mkdirSync(place.folder, { recursive: true, mode: 0o755 })
  const base = realBaseOf(place)
  mkdirSync(base, { recursive: true, mode: 0o755 })
  const file = packIn(base)
  const draft = `${file}.${Math.random().toString(16).slice(2)}`
  try {
    writeParts(draft, parts)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  removeEarlier(place, base)
  return file
}

function writeParts(file: string, parts: readonly Uint8Array[]): void {
  const descriptor = openSync(file, 'wx', 0o644)
  try {
    for (const part of parts) writeFileSync(descriptor, part)
  } finally {
    closeSync(descriptor)
  }
}

function removeEarlier({ folder, appId, digest }: Place, base: string): void {
  for (const name of readdirSync(folder)) {
    const other = path.join(path.dirname(base), name)
    if (!/^[0-9a-f]{16}$/.test(name) || other === base) continue
    for (const each of attempt(() => readdirSync(other)) ?? []) {
      if (!each.endsWith(extension)) continue
      const index = attempt(() => indexOf(path.join(other, each)))
      const isEarlier = index?.appId === appId && index.profile !== digest
      if (isEarlier)
        attempt(() => {
          rmSync(path.join(other, each), { force: true })
        })
    }
    // Only when nothing else is left in it.
    attempt(() => {
      rmdirSync(other)
    })
  }
}

function indexOf(file: string): PackIndex | undefined {
  const descriptor = openSync(file, 'r')
  try {
    return readHead(descriptor)?.index
  } finally {
    closeSync(descriptor)
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
