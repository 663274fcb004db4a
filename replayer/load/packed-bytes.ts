import { closeSync, openSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { cacheStart } from '../../runtime/load-pack/blob.ts'
import { readFully, type OpenedPack } from '../../runtime/load-pack/file.ts'
import type { PackedFile } from '../../runtime/load-pack/pack.ts'

/**
 * Sources and code caches of a pack, read one after another into the same memory: in the order of use, so that the system reads ahead,
 * and without a page that has to be found for each of them.
 */
export class PackedBytes {
  readonly #pack: OpenedPack
  #descriptor: number | undefined
  #memory = Buffer.alloc(0)
  /** Whose bytes are in it. */
  #owner: PackedFile | undefined

  constructor(pack: OpenedPack) {
    this.#pack = pack
    this.#descriptor = pack.descriptor
  }

  /** undefined: there is none, or it cannot be read. */
  sourceOf(file: PackedFile): string | undefined {
    const { sourceBytes, isWide } = file
    if (sourceBytes === 0) return undefined
    return this.#read(file)?.toString(isWide ? 'utf16le' : 'latin1', 0, sourceBytes)
  }

  /** Valid until something else is read. undefined: there is none, or it cannot be read. */
  cacheOf(file: PackedFile): Buffer | undefined {
    const { sourceBytes, cacheBytes } = file
    if (cacheBytes === 0) return undefined
    const start = cacheStart(sourceBytes)
    return this.#read(file)?.subarray(start, start + cacheBytes)
  }

  /** Neither memory nor file is held from now on, but for as long as something is read. */
  release(): void {
    this.#memory = Buffer.alloc(0)
    this.#owner = undefined
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #read(file: PackedFile): Buffer | undefined {
    if (this.#owner === file) return this.#memory
    const length = cacheStart(file.sourceBytes) + file.cacheBytes
    this.#owner = undefined
    if (this.#memory.length < length) this.#memory = Buffer.allocUnsafeSlow(2 * length)
    const bytes = this.#memory.subarray(0, length)
    try {
      this.#fill(bytes, this.#pack.blobAt + file.at)
    } catch {
      return undefined
    }
    if (crc32(bytes) !== file.sum) return undefined
    this.#owner = file
    return this.#memory
  }

  #fill(bytes: Buffer, position: number): void {
    const descriptor = this.#descriptor ?? openSync(this.#pack.file, 'r')
    try {
      readFully(descriptor, bytes, position)
    } finally {
      if (this.#descriptor === undefined) closeSync(descriptor)
    }
  }
}
