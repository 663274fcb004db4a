import type { IncomingMessage } from 'node:http'
import { sha256 } from '../formats/hash.ts'
import type { Exemplar } from '../formats/profile.ts'
import { hasRequestBody } from './bodies.ts'
import type { Redactor } from './redact.ts'
import { targetOf } from './routes.ts'

const exemplarsPerRoute = 16
/** Of the distinct requests of a route every fourth is held out for measuring. */
const heldOutEvery = 4
/** A route that has shown nothing new for this many requests is not searched any longer. */
const searchesPerRoute = 256
/** Names and values in turn; the format has room for no more of them. */
const maxHeaderTexts = 400

/** The exemplars of one route. */
export class ExemplarList {
  readonly exemplars: Exemplar[] = []
  /** Hashes of the requests as they came, since these may be long and hold secrets. */
  readonly asked = new Set<string>()
  /** Hashes of the exemplars. */
  readonly kept = new Set<string>()
  searches = 0

  get isSought(): boolean {
    return this.searches < searchesPerRoute && this.exemplars.length < exemplarsPerRoute
  }
}

/** Keeps the first distinct requests of each route, without their secrets, while there is room. */
export class ExemplarKeeper {
  readonly #redactor: Redactor
  #bytesLeft: number

  /** @param bytes - of all exemplars together */
  constructor(redactor: Redactor, bytes: number) {
    this.#redactor = redactor
    this.#bytesLeft = bytes
  }

  /**
   * The exemplar that it becomes, if it does.
   * @param sent - the body; undefined: none, or not copied
   * @param status - of the answer
   */
  keep(
    list: ExemplarList,
    request: IncomingMessage,
    sent: Buffer | undefined,
    status: number,
  ): Exemplar | undefined {
    if (!list.isSought || request.rawHeaders.length > maxHeaderTexts) return undefined
    list.searches++
    const hasBody = hasRequestBody(request)
    const target = targetOf(request)
    if (!add(list.asked, keyOf(target, hasBody, sent))) return undefined
    const url = this.#redactor.redactUrl(target)
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
    const body = sent && this.#redactor.redactBody(sent, type, encoding)
    // Of requests that differ in nothing but secrets, one held out would be one that was rehearsed.
    if (!add(list.kept, keyOf(url, hasBody, body))) return undefined
    const headers = this.#redactor.redactHeaders(request.rawHeaders)
    if (!this.#spend(url.length + headers.join('').length)) return undefined
    const kept = body !== undefined && this.#spend(body.length) ? body : null
    const number = list.exemplars.length
    const exemplar: Exemplar = {
      url,
      headers,
      body: kept,
      bodyKept: !hasBody ? 'none' : kept === null ? 'dropped' : 'whole',
      status,
      use: number % heldOutEvery === 1 ? 'compare' : 'rehearse',
    }
    list.exemplars.push(exemplar)
    return exemplar
  }

  /** Whether there is room for so many bytes more. */
  #spend(bytes: number): boolean {
    if (bytes > this.#bytesLeft) return false
    this.#bytesLeft -= bytes
    return true
  }
}

function keyOf(target: string, hasBody: boolean, body: Buffer | undefined): string {
  const content = body?.toString('latin1') ?? 'dropped'
  return sha256(hasBody ? `${target}\n${content}` : target)
}

/** Whether it was not there yet. */
function add(keys: Set<string>, key: string): boolean {
  const isNew = !keys.has(key)
  keys.add(key)
  return isNew
}
