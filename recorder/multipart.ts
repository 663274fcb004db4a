/** A part of a `multipart/form-data` body: RFC 7578. */
export interface Part {
  /** Its header lines as they came, without line ends. */
  readonly head: readonly string[]
  readonly name: string
  readonly filename: string | undefined
  /** Lower case, without parameters; empty: none is given. */
  readonly type: string
  readonly content: Buffer
}

const lineEnd = '\r\n'
const maxParts = 1000
const knownHeader = /^content-(?:disposition|type|transfer-encoding):/i
/** Deprecated, and no encodings; what is encoded is not searched. */
const plainEncodings = new Set(['', '7bit', '8bit', 'binary'])

/** Undefined: not of this form, or in a way that clients do not write it. */
export function readParts(body: Buffer, contentType: string): Part[] | undefined {
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) return undefined
  const delimiter = Buffer.from(`${lineEnd}--${boundary}`, 'latin1')
  const parts: Part[] = []
  // The line end before the first delimiter is not there when the body begins with it.
  if (body.indexOf(delimiter.subarray(2)) !== 0) return undefined
  let start = delimiter.length - 2
  while (parts.length <= maxParts) {
    if (body.toString('latin1', start, start + 2) === '--') return parts
    if (body.toString('latin1', start, start + 2) !== lineEnd) return undefined
    const end = body.indexOf(delimiter, start)
    if (end < 0) return undefined
    const part = readPart(body.subarray(start + 2, end))
    if (part === undefined) return undefined
    parts.push(part)
    start = end + delimiter.length
  }
  return undefined
}

/** The bytes of `parts` with their own boundary, which `contentType` names. */
export function writeParts(parts: readonly Part[], contentType: string): Buffer {
  const boundary = boundaryOf(contentType) ?? ''
  const pieces = parts.flatMap(({ head, content }) => [
    Buffer.from(`--${boundary}${lineEnd}${head.join(lineEnd)}${lineEnd}${lineEnd}`),
    content,
    Buffer.from(lineEnd),
  ])
  return Buffer.concat([...pieces, Buffer.from(`--${boundary}--${lineEnd}`, 'latin1')])
}

function readPart(bytes: Buffer): Part | undefined {
  const end = bytes.indexOf(`${lineEnd}${lineEnd}`)
  if (end < 0) return undefined
  const head = bytes
    .toString('utf8', 0, end)
    .split(lineEnd)
    .filter((line) => knownHeader.test(line))
  const disposition = valueOf(head, 'content-disposition')
  const parameters = disposition === undefined ? undefined : readParameters(disposition)
  const name = parameters?.get('name')
  if (parameters === undefined || name === undefined) return undefined
  if (!plainEncodings.has(valueOf(head, 'content-transfer-encoding') ?? '')) return undefined
  return {
    head,
    name,
    filename: parameters.get('filename') ?? parameters.get('filename*'),
    type: (valueOf(head, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '',
    content: bytes.subarray(end + 4),
  }
}

function boundaryOf(contentType: string): string | undefined {
  const found = readParameters(contentType)?.get('boundary')
  // RFC 2046, section 5.1.1.
  return found !== undefined && /^[\w'()+,./:=? -]{1,70}$/.test(found) ? found : undefined
}

function valueOf(head: readonly string[], name: string): string | undefined {
  const line = head.find((each) => each.toLowerCase().startsWith(`${name}:`))
  return line?.slice(name.length + 1).trim()
}

const parameter = /;\s*([\w*-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))\s*/y

/** What follows the first word of a header's value; undefined: it is not well formed. */
function readParameters(value: string): Map<string, string> | undefined {
  const found = new Map<string, string>()
  const first = value.indexOf(';')
  let at = first < 0 ? value.length : first
  while (at < value.length) {
    parameter.lastIndex = at
    const match = parameter.exec(value)
    if (match === null) return undefined
    const [whole, name = '', quoted, bare] = match
    found.set(name.toLowerCase(), quoted?.replaceAll(/\\(.)/g, '$1') ?? bare ?? '')
    at += whole.length
  }
  return found
}
