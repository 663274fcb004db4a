import type zlib from 'node:zlib'

type Options = zlib.ZlibOptions & zlib.BrotliOptions

interface Coding {
  decode(body: Uint8Array, options: Options): Buffer
  encode(body: Uint8Array): Buffer
}

/**
 * A body without its `Content-Encoding`; undefined: damaged, longer than `maxBytes`, or in an encoding that this Node does not
 * know. Blocks for the time it takes.
 *
 * @param encoding - value of the header; empty: there is none
 */
export function decodeBody(body: Buffer, encoding: string, maxBytes: number): Buffer | undefined {
  if (isPlain(encoding)) return body
  try {
    return codingOf(encoding)?.decode(body, { maxOutputLength: maxBytes })
  } catch {
    return undefined
  }
}

/** The opposite; undefined: in an encoding that this Node does not know. */
export function encodeBody(body: Uint8Array, encoding: string): Buffer | undefined {
  if (isPlain(encoding)) return Buffer.from(body)
  return codingOf(encoding)?.encode(body)
}

function isPlain(encoding: string): boolean {
  return ['', 'identity'].includes(encoding.trim().toLowerCase())
}

/** RFC 9110, section 8.4.1. One after the other (`gzip, br`) is not known to be used by anybody. */
function codingOf(encoding: string): Coding | undefined {
  const { gunzipSync, gzipSync, inflateSync, deflateSync, ...rest } =
    process.getBuiltinModule('node:zlib')
  // Node 22.15 has it first.
  const { zstdDecompressSync, zstdCompressSync } = rest as {
    zstdDecompressSync?: Coding['decode']
    zstdCompressSync?: Coding['encode']
  }
  switch (encoding.trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return { decode: gunzipSync, encode: gzipSync }
    case 'deflate':
      return { decode: inflateSync, encode: deflateSync }
    case 'br':
      return { decode: rest.brotliDecompressSync, encode: rest.brotliCompressSync }
    case 'zstd':
      return zstdDecompressSync && zstdCompressSync
        ? { decode: zstdDecompressSync, encode: zstdCompressSync }
        : undefined
    default:
      return undefined
  }
}
