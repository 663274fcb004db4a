import { PrewarmError } from './errors.ts'
import { bytes, record, type Column } from './schema.ts'

/*
 * One field of every row of a table. Cells have fixed widths, little-endian:
 *   number  8 bytes, float64; NaN: nil
 *   sha256  32 bytes; all zero: nil
 *   choice  1 byte, index into the values of the field
 *   text    `lengths`: 4 bytes, UTF-16 code units; `text`: UTF-8, all of them one after another
 */
const textColumn = record('TextColumn', {
  lengths: [bytes, 'UTF-16 code units of each cell'],
  text: [bytes, 'all cells, one after another'],
})
const noHash = '0'.repeat(64)

/**
 * The cells of a column: texts, numbers, hashes, or choices, with null for nil and undefined for an index that has no
 * choice. The schema of the field has yet to check them. Throws `ERR_PREWARM_FMT_INVALID` when `stored` does not have
 * the size of `rows` cells.
 */
export function readColumn(
  kind: Column,
  stored: unknown,
  rows: number,
  at: string,
): readonly unknown[] {
  if (kind === 'text') return readTexts(stored, rows, at)
  if (kind === 'number') {
    const view = viewOf(cellBytes(stored, rows, 8, at))
    return cells(rows, (row) => {
      const value = view.getFloat64(8 * row, true)
      return Number.isNaN(value) ? null : value
    })
  }
  if (kind === 'sha256') {
    const hex = bufferOf(cellBytes(stored, rows, 32, at)).toString('hex')
    return cells(rows, (row) => {
      const hash = hex.slice(64 * row, 64 * row + 64)
      return hash === noHash ? null : hash
    })
  }
  return [...cellBytes(stored, rows, 1, at)].map((index) => kind.choices[index])
}

/** The other way round, for values that their schema has checked. */
export function packColumn(kind: Column, values: readonly unknown[]): unknown {
  if (kind === 'text') return packTexts(values as readonly string[])
  if (kind === 'number') {
    const view = new DataView(new ArrayBuffer(8 * values.length))
    ;(values as readonly (number | null)[]).forEach((value, row) => {
      view.setFloat64(8 * row, value ?? NaN, true)
    })
    return new Uint8Array(view.buffer)
  }
  if (kind === 'sha256') {
    const hex = (values as readonly (string | null)[]).map((hash) => hash ?? noHash)
    return Buffer.from(hex.join(''), 'hex')
  }
  return Uint8Array.from(values as readonly string[], (value) => kind.choices.indexOf(value))
}

function readTexts(stored: unknown, rows: number, at: string): readonly string[] {
  const { lengths, text } = textColumn.parse(stored, at)
  const view = viewOf(cellBytes(lengths, rows, 4, `${at}.lengths`))
  const all = bufferOf(text).toString('utf8')
  let end = 0
  const texts = cells(rows, (row) => {
    const start = end
    end += view.getUint32(4 * row, true)
    return all.slice(start, end)
  })
  if (end !== all.length) {
    throw new PrewarmError('ERR_PREWARM_FMT_INVALID', `${at}: ${end} of ${all.length} code units`)
  }
  return texts
}

function packTexts(values: readonly string[]): unknown {
  const lengths = new DataView(new ArrayBuffer(4 * values.length))
  values.forEach((value, row) => {
    lengths.setUint32(4 * row, value.length, true)
  })
  return { lengths: new Uint8Array(lengths.buffer), text: Buffer.from(values.join(''), 'utf8') }
}

function cellBytes(stored: unknown, rows: number, widthBytes: number, at: string): Uint8Array {
  const found = bytes.parse(stored, at)
  if (found.length !== rows * widthBytes) {
    throw new PrewarmError(
      'ERR_PREWARM_FMT_INVALID',
      `${at}: ${found.length} bytes for ${rows} rows of ${widthBytes}`,
    )
  }
  return found
}

/** A plain loop, since Array.from() takes two calls per cell, and these calls are what reading a table costs. */
function cells<T>(rows: number, read: (row: number) => T): readonly T[] {
  const found: T[] = []
  for (let row = 0; row < rows; row++) found.push(read(row))
  return found
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}
