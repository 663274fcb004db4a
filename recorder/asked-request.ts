import type { IncomingMessage } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http2'

/** What is kept of a request, whatever protocol it came over. */
export type AskedRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'rawHeaders'>

/** In the terms of HTTP/1.1, where the authority is the host. */
export function askedOverHttp2(
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
): AskedRequest {
  const kept: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const value = rawHeaders[index + 1] ?? ''
    if (name === ':authority') kept.push('host', value)
    else if (!name.startsWith(':')) kept.push(name, value)
  }
  return {
    method: headers[':method'] ?? 'GET',
    url: headers[':path'] ?? '/',
    headers,
    rawHeaders: kept,
  }
}
