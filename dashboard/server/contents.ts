import { readFound, readHead } from './safe-file.ts'
import type { FileRef } from './tasks.ts'

/** All of a file, as bytes that no other thread can change, which decoders ask for. */
export async function bytesOf({ content }: FileRef): Promise<Uint8Array> {
  return 'bytes' in content ? content.bytes.slice() : readFound(content.path)
}

/** At most `maxBytes` from its beginning. */
export async function headOf({ content }: FileRef, maxBytes: number): Promise<Uint8Array> {
  return 'bytes' in content ? content.bytes.slice(0, maxBytes) : readHead(content.path, maxBytes)
}
