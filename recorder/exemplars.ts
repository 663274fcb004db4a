import { sha256 } from '../formats/hash.ts'
import { mostKept } from '../formats/most-kept.ts'
import { switchedProtocols } from '../formats/policy.ts'
import type { Exemplar } from '../formats/profile.ts'
import type { AskedRequest } from './asked-request.ts'
import type { Redactor } from './redact.ts'
import { targetOf } from '../runtime/routes.ts'

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
  /** One that was upgraded is enough to say that there are some. */
  hasUpgrade = false

  get isSought(): boolean {
    return this.searches < searchesPerRoute && this.exemplars.length < mostKept.exemplarsPerRoute
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
   * @param answer - what came of it
   */
  keep(
    list: ExemplarList,
    request: AskedRequest,
    hasBody: boolean,
    sent: Buffer | undefined,
    answer: Pick<Exemplar, 'status' | 'protocol' | 'cutAfterMs'>,
  ): Exemplar | undefined {
    if (!list.isSought || request.rawHeaders.length > maxHeaderTexts) return undefined
    const isUpgrade = answer.status === switchedProtocols
    if (isUpgrade && list.hasUpgrade) return undefined
    list.hasUpgrade ||= isUpgrade
    list.searches++
    const target = targetOf(request)
    if (!add(list.asked, keyOf(target, hasBody, sent, isUpgrade))) return undefined
    const url = this.#redactor.redactUrl(target)
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
    const body = sent && this.#redactor.redactBody(sent, type, encoding)
    // Of requests that differ in nothing but secrets, one held out would be one that was rehearsed.
    if (!add(list.kept, keyOf(url, hasBody, body, isUpgrade))) return undefined
    const headers = this.#redactor.redactHeaders(request.rawHeaders)
    if (!this.#spend(url.length + headers.join('').length)) return undefined
    const kept = body !== undefined && this.#spend(body.length) ? body : null
    const number = list.exemplars.length
    const isMeasurable = !isUpgrade && answer.cutAfterMs === undefined
    const exemplar: Exemplar = {
      url,
      headers,
      body: kept,
      bodyKept: !hasBody ? 'none' : kept === null ? 'dropped' : 'whole',
      ...answer,
      use: isMeasurable && number % mostKept.heldOutEvery === 1 ? 'compare' : 'rehearse',
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

function keyOf(
  target: string,
  hasBody: boolean,
  body: Buffer | undefined,
  isUpgrade: boolean,
): string {
  if (isUpgrade) return sha256(`${target}\nupgrade`)
  const content = body?.toString('latin1') ?? 'dropped'
  return sha256(hasBody ? `${target}\n${content}` : target)
}

/** Whether it was not there yet. */
function add(keys: Set<string>, key: string): boolean {
  const isNew = !keys.has(key)
  keys.add(key)
  return isNew
}
