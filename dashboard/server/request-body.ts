import { PrewarmError } from '../../formats/errors.ts'
import { checkSize } from './safe-file.ts'

/**
 * The bytes of a request, in memory that threads share. Throws `ERR_PREWARM_DSH_LIMIT` once there are more than any file may have,
 * whatever their number was said to be.
 */
export async function readBody(request: Request): Promise<Uint8Array> {
  checkSize(Number(request.headers.get('content-length') ?? 0))
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += (chunk as Uint8Array).length
    checkSize(size)
    chunks.push(chunk as Uint8Array)
  }
  if (size === 0) throw new PrewarmError('ERR_PREWARM_DSH_KIND', 'The file is empty')
  const bytes = new Uint8Array(new SharedArrayBuffer(size))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}
