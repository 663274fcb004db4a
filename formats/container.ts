import { PrewarmError } from './errors.ts'
import { sha256Bytes } from './hash.ts'
import { limits } from './limits.ts'
import { formatVersion } from './profile.ts'

/*
 * magic "PREWARM\0" | u32 format version | u32 section count | SHA-256 of the section table
 * section table: per section  name, 16 bytes ASCII zero padded | u64 offset | u64 length | SHA-256 of the section
 * sections, back to back in table order, nothing before, between or after them
 *
 * Integers are little-endian. Every byte of the file is the magic, the version, the count, a hash, or covered by a hash.
 */
const magic = new Uint8Array([0x50, 0x52, 0x45, 0x57, 0x41, 0x52, 0x4d, 0x00])
const nameBytes = 16
const hashBytes = 32
const headerBytes = magic.length + 4 + 4 + hashBytes
const entryBytes = nameBytes + 8 + 8 + hashBytes

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function encodeContainer(sections: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const tableEnd = headerBytes + sections.size * entryBytes
  let total = tableEnd
  for (const section of sections.values()) total += section.length
  checkFileSize(total)
  const file = new Uint8Array(total)
  const view = viewOf(file)
  file.set(magic, 0)
  view.setUint32(magic.length, formatVersion, true)
  view.setUint32(magic.length + 4, sections.size, true)
  let entry = headerBytes
  let offset = tableEnd
  for (const [name, section] of sections) {
    file.set(new TextEncoder().encode(name), entry)
    view.setBigUint64(entry + nameBytes, BigInt(offset), true)
    view.setBigUint64(entry + nameBytes + 8, BigInt(section.length), true)
    file.set(sha256Bytes(section), entry + nameBytes + 16)
    file.set(section, offset)
    entry += entryBytes
    offset += section.length
  }
  file.set(sha256Bytes(file.subarray(headerBytes, tableEnd)), magic.length + 8)
  return file
}

/** SHA-256 of the section table, and so of all that the file holds, in hexadecimal. For a file that was verified. */
export function digestOf(file: Uint8Array): string {
  const hash = file.subarray(magic.length + 8, headerBytes)
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/**
 * The sections of a container by name, as views into `file`. Throws one of the `ERR_PREWARM_FMT_` errors; every
 * length is checked before it is used and every hash before its bytes are handed out.
 */
export function decodeContainer(file: Uint8Array): Map<string, Uint8Array> {
  checkFileSize(file.length)
  for (let index = 0; index < magic.length; index++) {
    if (file[index] !== magic[index]) {
      if (index === file.length) throw truncated('the header')
      throw new PrewarmError('ERR_PREWARM_FMT_NOT_A_PROFILE', 'The file is not a prewarm profile', {
        hint: 'Record one with: prewarm record -o app.prewarm -- node app.js',
      })
    }
  }
  if (file.length < headerBytes) throw truncated('the header')
  const view = viewOf(file)
  const version = view.getUint32(magic.length, true)
  if (version !== formatVersion) {
    throw new PrewarmError(
      'ERR_PREWARM_FMT_VERSION',
      `The profile has format version ${version}; this prewarm reads version ${formatVersion}`,
      { hint: 'Record it again with this version of prewarm.' },
    )
  }
  const count = view.getUint32(magic.length + 4, true)
  if (count > limits.sections) {
    throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `The profile claims ${count} sections`)
  }
  const tableEnd = headerBytes + count * entryBytes
  if (file.length < tableEnd) throw truncated('the section table')
  checkHash('the section table', file.subarray(headerBytes, tableEnd), file, magic.length + 8)

  const found = new Map<string, Uint8Array>()
  let expected = tableEnd
  for (let entry = headerBytes; entry < tableEnd; entry += entryBytes) {
    const name = readName(file.subarray(entry, entry + nameBytes))
    const offset = Number(view.getBigUint64(entry + nameBytes, true))
    const length = Number(view.getBigUint64(entry + nameBytes + 8, true))
    if (name === undefined || offset !== expected || found.has(name)) {
      throw new PrewarmError(
        'ERR_PREWARM_FMT_INVALID',
        `The section table is not in order at byte ${entry}`,
      )
    }
    expected += length
    if (expected > file.length) throw truncated(`section ${name}`)
    const section = file.subarray(offset, expected)
    checkHash(`section ${name}`, section, file, entry + nameBytes + 16)
    found.set(name, section)
  }
  if (expected !== file.length) {
    throw new PrewarmError(
      'ERR_PREWARM_FMT_INVALID',
      `${file.length - expected} bytes follow the last section`,
    )
  }
  return found
}

function checkFileSize(sizeBytes: number): void {
  if (sizeBytes > limits.fileBytes) {
    throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `The file has ${sizeBytes} bytes`)
  }
}

function readName(field: Uint8Array): string | undefined {
  const name = String.fromCharCode(...field).replace(/\0+$/, '')
  return /^[a-z][a-z0-9-]*$/.test(name) ? name : undefined
}

function checkHash(what: string, bytes: Uint8Array, file: Uint8Array, at: number): void {
  const actual = sha256Bytes(bytes)
  for (let index = 0; index < hashBytes; index++) {
    if (actual[index] !== file[at + index]) {
      throw new PrewarmError('ERR_PREWARM_FMT_DAMAGED', `The SHA-256 of ${what} does not match`, {
        hint: 'The file was changed or damaged after it was written; copy or record it again.',
      })
    }
  }
}

function truncated(what: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_FMT_TRUNCATED', `The profile ends within ${what}`, {
    hint: 'The copy is incomplete; compare its size with the original.',
  })
}
