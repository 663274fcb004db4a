import { crc32 } from 'node:zlib'
import type { Stamp } from './stamps.ts'

/** A module, or a file that is only found. */
export interface PackedFile {
  /** What is not to be read out of the pack is other. */
  readonly format: 'cjs' | 'esm' | 'other'
  readonly stamp: Stamp | null
  /** Index into `scopes`: what its format depends on. */
  readonly scope: number
  /** Whether the source is stored as UTF-16 and not as Latin-1. */
  readonly isWide: boolean
  /** Whether `import()` may stand in it. */
  readonly mayImport: boolean
  /** Where its source begins, bytes from the beginning of the blob; a multiple of 8. */
  readonly at: number
  /** 0: the source is not there. */
  readonly sourceBytes: number
  /** Of its V8 code cache, which follows the source at the next multiple of 8; 0: none. */
  readonly cacheBytes: number
  /** CRC-32 of both and of what is between them. */
  readonly sum: number
}

/** A folder or a `package.json` that resolutions depend on. */
export interface Watched {
  readonly stamp: Stamp | null
  /** SHA-256 of the listing, or of the content; 32 bytes. */
  readonly hash: Uint8Array
}

/** By specifier: index of the file that was found, and of what is watched for its sake. */
export type Found = Readonly<Record<string, readonly [file: number, ...watched: number[]]>>

/** What modules of one folder ask for. */
export interface Asked {
  /** From the application root. */
  readonly folder: string
  readonly require: Found
  readonly import: Found
}

/** What a pack was made for: another of these could find or compile other things. */
export interface PackIdentity {
  /** `process.version`. */
  readonly node: string
  /** `v8.cachedDataVersionTag()`. */
  readonly tag: number
  /** SHA-256 of the profile. */
  readonly profile: string
  /** `meta.appId` of the profile. */
  readonly appId: string
  /** Options that the loaders go by. */
  readonly flags: readonly string[]
  readonly nodePath: string
}

export interface PackIndex extends PackIdentity {
  /** What the parts of Node's CommonJS loader look like that nobody has replaced. */
  readonly loaderText: string
  /** Conditions of `import`. */
  readonly conditions: readonly string[]
  /** How often it was written anew since files had changed. */
  readonly renewals: number
  /** Paths from the application root. */
  readonly files: readonly string[]
  readonly watched: readonly string[]
  /** Indices into `watched`. */
  readonly scopes: readonly (readonly number[])[]
  readonly asked: readonly Asked[]
  /** Resolutions by who answers. */
  readonly counts: { readonly require: number; readonly import: number }
  /** ES modules with their source. */
  readonly esModules: number
}

export interface Pack {
  readonly index: PackIndex
  readonly fileAt: (index: number) => PackedFile
  readonly watchedAt: (index: number) => Watched
  /** Where in the file the blob begins. */
  readonly blobAt: number
}

/*
 * magic "PWLOAD1\n" | u32 bytes of the index | u32 of the tables | u32 CRC-32 of both | u32 0
 * index, JSON | zeros up to a multiple of 8
 * tables: per file 10 float64, per watched 4 float64, per watched 32 bytes | zeros up to a multiple of 8
 * blob
 *
 * Little-endian. Numbers that are needed of every file are not in the JSON, which has to be parsed at each start.
 */
const magic = Buffer.from('PWLOAD1\n', 'latin1')
export const headBytes = 24
const fileNumbers = 10
const formats = ['cjs', 'esm', 'other'] as const

/** All of a pack but the blob. */
export function encodeHead(
  index: PackIndex,
  files: readonly PackedFile[],
  watched: readonly Watched[],
): Uint8Array {
  const text = padded(Buffer.from(JSON.stringify(index), 'utf8'))
  const numbers = Float64Array.from([
    ...files.flatMap(numbersOf),
    ...watched.flatMap(({ stamp }) => numbersOfStamp(stamp)),
  ])
  const tables = Buffer.concat([Buffer.from(numbers.buffer), ...watched.map(({ hash }) => hash)])
  const head = Buffer.alloc(headBytes)
  magic.copy(head)
  head.writeUInt32LE(text.length, 8)
  head.writeUInt32LE(tables.length, 12)
  const body = Buffer.concat([text, tables])
  head.writeUInt32LE(crc32(body), 16)
  return Buffer.concat([head, body])
}

/** How much of the file is not blob, bytes; undefined: it is no load pack. */
export function headSize(head: Buffer): number | undefined {
  if (!head.subarray(0, magic.length).equals(magic)) return undefined
  return headBytes + head.readUInt32LE(8) + head.readUInt32LE(12)
}

/** @param bytes - the beginning of the file, up to the blob; undefined: damaged */
export function decodeHead(bytes: Buffer): Pack | undefined {
  const tablesAt = headBytes + bytes.readUInt32LE(8)
  const body = bytes.subarray(headBytes)
  if (crc32(body) !== bytes.readUInt32LE(16)) return undefined
  // What the sum holds for was written by us.
  const index = JSON.parse(bytes.toString('utf8', headBytes, tablesAt)) as PackIndex
  const fileCount = index.files.length
  const watchedCount = index.watched.length
  const count = fileCount * fileNumbers + watchedCount * 4
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset + tablesAt, count)
  const hashesAt = tablesAt + count * 8
  return {
    index,
    blobAt: bytes.length,
    fileAt: (file) => fileOf(numbers, file * fileNumbers),
    watchedAt: (place) => ({
      stamp: stampOf(numbers, fileCount * fileNumbers + place * 4),
      hash: bytes.subarray(hashesAt + place * 32, hashesAt + place * 32 + 32),
    }),
  }
}

function numbersOf(file: PackedFile): number[] {
  const { stamp, at, sourceBytes, cacheBytes, sum, scope } = file
  const kind = formats.indexOf(file.format) * 4 + Number(file.isWide) * 2 + Number(file.mayImport)
  return [...numbersOfStamp(stamp), at, sourceBytes, cacheBytes, sum, scope, kind]
}

function fileOf(numbers: Float64Array, from: number): PackedFile {
  const kind = numbers[from + 9] ?? 0
  return {
    format: formats[kind >> 2] ?? 'other',
    stamp: stampOf(numbers, from),
    scope: numbers[from + 8] ?? 0,
    isWide: (kind & 2) !== 0,
    mayImport: (kind & 1) !== 0,
    at: numbers[from + 4] ?? 0,
    sourceBytes: numbers[from + 5] ?? 0,
    cacheBytes: numbers[from + 6] ?? 0,
    sum: numbers[from + 7] ?? 0,
  }
}

function numbersOfStamp(stamp: Stamp | null): readonly number[] {
  return stamp ?? [NaN, NaN, NaN, NaN]
}

function stampOf(numbers: Float64Array, from: number): Stamp | null {
  const at = (offset: number): number => numbers[from + offset] ?? NaN
  return Number.isNaN(at(3)) ? null : [at(0), at(1), at(2), at(3)]
}

/** Up to a multiple of 8, with blanks. */
function padded(text: Buffer): Buffer {
  return Buffer.concat([text, Buffer.alloc(-text.length & 7, ' ')])
}
