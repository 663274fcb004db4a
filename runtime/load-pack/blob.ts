import { crc32 } from 'node:zlib'
import type { PackedFile } from './pack.ts'

type Place = Pick<PackedFile, 'at' | 'sourceBytes' | 'cacheBytes' | 'sum'>

/** Sources, each with its code cache, in the order in which they are going to be used. */
export class BlobWriter {
  readonly parts: Uint8Array[] = []
  #length = 0

  add(source: Uint8Array, cache: Uint8Array): Place {
    const at = this.#length
    const both = Buffer.concat([source, gapAfter(source.length), cache])
    this.#append(both)
    this.#append(gapAfter(this.#length))
    return { at, sourceBytes: source.length, cacheBytes: cache.length, sum: crc32(both) }
  }

  #append(bytes: Uint8Array): void {
    this.parts.push(bytes)
    this.#length += bytes.length
  }
}

/** V8 copies a code cache that does not begin at a multiple of 8. */
export function cacheStart(sourceBytes: number): number {
  return sourceBytes + (-sourceBytes & 7)
}

function gapAfter(length: number): Uint8Array {
  return new Uint8Array(-length & 7)
}
