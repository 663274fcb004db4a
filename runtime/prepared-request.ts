import type { Exemplar } from '../formats/profile.ts'
import { connectionHeaders } from '../formats/policy.ts'

/** A recorded request as the bytes of HTTP/1.1, RFC 9112. */
export function requestBytes(method: string, { url, headers, body }: Exemplar): Buffer {
  let head = `${method} ${url} HTTP/1.1\r\n`
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const header = headers[index] ?? ''
    if (connectionHeaders.has(header.toLowerCase())) continue
    head += `${header}: ${headers[index + 1] ?? ''}\r\n`
  }
  if (body !== null) head += `Content-Length: ${body.length}\r\n`
  head += 'Connection: keep-alive\r\n\r\n'
  return Buffer.concat([Buffer.from(head, 'latin1'), body ?? Buffer.alloc(0)])
}

/** How long an answer may take. */
export function deadlineMsOf({ maxMs }: { readonly maxMs: number }): number {
  return Math.max(500, 3 * maxMs)
}
