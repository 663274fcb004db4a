import { connectionHeaders } from '../formats/policy.ts'
import type { Exemplar, RouteRecord } from '../formats/profile.ts'
import { encodeBody } from './content-encoding.ts'
import type { RehearsalHeader } from './rehearsal-header.ts'

export type Protocol = NonNullable<Exemplar['protocol']>

/** A recorded request as it will be sent, whatever the bytes of its protocol are. */
export interface PreparedRequest {
  readonly protocol: Protocol
  readonly method: string
  readonly url: string
  /** Names and values in turn, without those that belong to the connection. */
  readonly headers: readonly string[]
  readonly body: Buffer | null
  /** The body waits until the server has asked for it: RFC 9110, section 10.1.1. */
  readonly expectsContinue: boolean
  /** An answer that goes on for so long after its head, ms, is left; undefined: it must come to its end. */
  readonly cutAfterMs: number | undefined
}

/** One connection to a server that is being rehearsed or tried. */
export interface Connection {
  /** Nothing more can be asked here. */
  readonly isClosed: boolean
  /** It has answered before: when it breaks off now, it may have been closed for being idle or old. */
  readonly isReused: boolean
  /** The last answer was left before its end: what makes it may go on. */
  readonly hasCut: boolean
  /** Status of the answer; `failed` when the connection broke off, `timeout` when the deadline came first. */
  request(request: PreparedRequest, deadlineMs: number): Promise<number | 'failed' | 'timeout'>
  /** Ends politely, as most clients do. */
  end(): void
  destroy(): void
}

/** Longest time for an answer that does not end. */
const maxStreamMs = 500
/** So many bytes of an answer that may be cut are enough too. */
export const maxStreamBytes = 1024 * 1024

/** How long an answer may take. */
export function deadlineMsOf({ maxMs }: { readonly maxMs: number }): number {
  return Math.max(500, 3 * maxMs)
}

/** @param mark - what the request is marked with, where the application wants to see it */
export function prepareRequest(
  route: Pick<RouteRecord, 'method' | 'cold'>,
  exemplar: Exemplar,
  mark?: RehearsalHeader,
): PreparedRequest {
  const encoding = valueOf(exemplar, 'content-encoding')
  const encoded = exemplar.body === null ? null : encodeBody(exemplar.body, encoding)
  const headers: string[] = []
  for (let index = 0; index + 1 < exemplar.headers.length; index += 2) {
    const name = exemplar.headers[index] ?? ''
    const lower = name.toLowerCase()
    if (connectionHeaders.has(lower) || lower === mark?.name) continue
    if (encoded === undefined && lower === 'content-encoding') continue
    headers.push(name, exemplar.headers[index + 1] ?? '')
  }
  if (mark !== undefined) headers.push(mark.name, mark.nonce)
  const body = encoded ?? (exemplar.body && Buffer.from(exemplar.body))
  return {
    protocol: exemplar.protocol ?? 'http/1.1',
    method: route.method,
    url: exemplar.url,
    headers,
    body,
    expectsContinue: body !== null && valueOf(exemplar, 'expect').toLowerCase() === '100-continue',
    cutAfterMs: cutAfterMsOf(exemplar, route),
  }
}

/** An answer that took longer than that when it was recorded may be one that is sent bit by bit. */
function cutAfterMsOf(exemplar: Exemplar, { cold }: Pick<RouteRecord, 'cold'>): number | undefined {
  if (exemplar.cutAfterMs !== undefined) return Math.min(maxStreamMs, 3 * exemplar.cutAfterMs)
  return 3 * cold.maxMs > maxStreamMs ? maxStreamMs : undefined
}

function valueOf({ headers }: Exemplar, name: string): string {
  const index = headers.findIndex((each, at) => at % 2 === 0 && each.toLowerCase() === name)
  return index < 0 ? '' : (headers[index + 1] ?? '')
}
