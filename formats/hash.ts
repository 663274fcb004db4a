/** Loaded when it is first needed, which takes as long as ten modules: a start out of caches hashes nothing. */
function crypto(): typeof import('node:crypto') {
  return process.getBuiltinModule('node:crypto')
}

/** SHA-256 of a text's UTF-8 bytes, or of bytes, in lower-case hexadecimal. */
export function sha256(data: string | Uint8Array): string {
  return crypto().hash('sha256', data, 'hex')
}

export function sha256Bytes(data: Uint8Array): Uint8Array {
  return crypto().hash('sha256', data, 'buffer')
}
