import { isUtf8 } from 'node:buffer'
import zlib from 'node:zlib'
import type { Exchange } from '../formats/profile.ts'
import type { OutboundAnswer, OutboundCall } from '../runtime/effects/sink.ts'
import type { Redactor } from './redact.ts'

/** Bytes of a body once it is decompressed; a longer one is not kept. */
const maxPlainBytes = 1024 * 1024
/** Names and values in turn; the format has room for no more of them. */
const maxHeaderTexts = 400
/** More codings than these nobody uses; each could make the body a thousand times longer. */
const maxCodings = 2

/** Kinds that are searched for secrets as a whole, because their parts cannot be told. */
const textTypes = /^(?:text\/|application\/(?:xml|javascript|ecmascript|yaml)$)|\+xml$|\+yaml$/
/** Kinds in which nobody puts credentials. */
const opaqueTypes = /^(?:image|font|audio|video)\/|^application\/(?:octet-stream|wasm|font-.*)$/

export type TapedAnswer = Omit<Exchange, 'route' | 'exemplar'>

/** What is kept of an answer; undefined: it cannot be kept, so the call counts as one without a tape. */
export function tapedAnswer(
  { method, url }: Pick<OutboundCall, 'method' | 'url'>,
  { status, headers, body }: OutboundAnswer,
  redactor: Redactor,
): TapedAnswer | undefined {
  if (headers.length > maxHeaderTexts) return undefined
  const plain = decompress(body, headerOf(headers, 'content-encoding') ?? '')
  const kept = plain && redactBody(plain, headerOf(headers, 'content-type'), redactor)
  if (kept === undefined) return undefined
  return {
    method,
    url: redactUrl(url, redactor),
    status,
    headers: redactHeaders(headers, redactor),
    body: kept,
  }
}

function redactBody(
  body: Buffer,
  contentType: string | undefined,
  redactor: Redactor,
): Buffer | undefined {
  if (body.length === 0) return body
  const type = (contentType ?? typeOf(body)).split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (textTypes.test(type))
    return isText(body) && redactor.isClean(body.toString()) ? body : undefined
  return opaqueTypes.test(type) ? body : redactor.redactBody(body, type)
}

/** Of an answer that does not say what it is. */
function typeOf(body: Buffer): string {
  return /^[\s[{"]*[[{"]/.test(body.toString('latin1', 0, 64)) ? 'application/json' : 'text/plain'
}

/** In any other encoding secrets would not be found. */
function isText(body: Buffer): boolean {
  return isUtf8(body) && !body.includes(0)
}

/** The client will ask for the next hop as it is written here, and that call has been redacted in the same way. */
function redactHeaders(headers: readonly string[], redactor: Redactor): string[] {
  return headers.flatMap((name, index) => {
    const value = headers[index + 1]
    if (index % 2 === 1 || value === undefined) return []
    const isLocation = /^(?:content-)?location$/i.test(name)
    return isLocation ? [name, redactUrl(value, redactor)] : redactor.redactHeaders([name, value])
  })
}

/** The host is no path: its port or name would look like a secret. Credentials before it are none of its parts. */
function redactUrl(url: string, redactor: Redactor): string {
  const [, scheme = '', host = '', rest = ''] =
    /^([a-z][a-z\d+.-]*:\/\/|\/\/)?(?:(?<=\/\/)(?:[^/?#]*@)?([^/?#]*))?(.*)$/is.exec(url) ?? []
  return scheme + host + redactor.redactUrl(rest)
}

function headerOf(headers: readonly string[], name: string): string | undefined {
  const index = headers.findIndex((each, at) => at % 2 === 0 && each.toLowerCase() === name)
  return headers[index + 1 || headers.length]
}

/** Undefined: damaged, too long, or compressed in a way that not all Node lines know. */
function decompress(body: Buffer, contentEncoding: string): Buffer | undefined {
  const codings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
  if (codings.length > maxCodings) return undefined
  try {
    // The one that was applied last comes off first. An answer to HEAD has an encoding and no body.
    return codings.reduceRight(
      (data, coding) => (data.length === 0 ? data : undo(coding, data)),
      body,
    )
  } catch {
    return undefined
  }
}

function undo(coding: string, data: Buffer): Buffer {
  const options = { maxOutputLength: maxPlainBytes }
  if (coding === 'gzip' || coding === 'x-gzip') return zlib.gunzipSync(data, options)
  if (coding === 'br') return zlib.brotliDecompressSync(data, options)
  if (coding !== 'deflate') throw new Error(coding)
  // Servers have always differed over whether it has the header of zlib: RFC 9110, 8.4.1.2.
  const hasHeader = ((data[0] ?? 0) & 0x0f) === 8
  return hasHeader ? zlib.inflateSync(data, options) : zlib.inflateRawSync(data, options)
}
