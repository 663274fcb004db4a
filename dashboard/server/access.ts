import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { isIP } from 'node:net'
import { PrewarmError } from '../../formats/errors.ts'

/** Who may ask for something. */
export interface Access {
  /** Name or address that the server is bound to. */
  readonly host: string
  /** null: everybody who can reach it. */
  readonly token: string | null
}

const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

export function isWildcard(host: string): boolean {
  return wildcards.has(host)
}

/**
 * Whether the `Host` of a request names this server. A site that lets its own name point to this machine (DNS rebinding) would
 * otherwise be of the same origin. A server that is bound to all addresses cannot know its names; there the token guards, whose cookie
 * no other name is sent.
 */
export function isOwnHost(header: string | undefined, { host, token }: Access): boolean {
  const name = hostName(header ?? '')
  if (name === undefined) return false
  return isLoopback(name) || name === host.toLowerCase() || (isWildcard(host) && token !== null)
}

/** `[::1]:80` as `::1`; undefined: it is no host. */
function hostName(header: string): string | undefined {
  const [, address, name] = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::\d{1,5})?$/i.exec(header) ?? []
  return (address ?? name)?.toLowerCase()
}

/**
 * Throws `ERR_PREWARM_DSH_REFUSED` when a page of another site may have sent the request: one of a browser says where it comes from.
 */
export function checkSite(site: string | undefined): void {
  if (site === undefined || site === 'same-origin' || site === 'none') return
  throw refused(`A request from another site (Sec-Fetch-Site: ${site})`)
}

/**
 * The same for what changes something: it has the server's own origin, and a type of content that no form can send and that
 * another site would have to ask leave for.
 */
export function checkChange(
  host: string | undefined,
  origin: string | undefined,
  contentType: string | undefined,
): void {
  if (host === undefined || origin?.toLowerCase() !== `http://${host.toLowerCase()}`) {
    throw refused('A request of another origin')
  }
  if (contentType !== 'application/octet-stream') {
    throw refused('A file that is not sent as application/octet-stream')
  }
}

export function refused(message: string): PrewarmError {
  return new PrewarmError('ERR_PREWARM_DSH_REFUSED', `${message} is refused`)
}

/** Tells who has shown the token. Browsers then get a cookie, so that it does not stay in the address. */
export class TokenGate {
  readonly #token: string
  readonly #session = randomBytes(24).toString('base64url')
  /** Cookies do not tell ports apart, so that another dashboard of this machine needs another name. */
  readonly #name = `prewarm_${randomBytes(4).toString('hex')}`

  constructor(token: string) {
    this.#token = token
  }

  isToken(text: string | undefined): boolean {
    return text !== undefined && isSame(text, this.#token)
  }

  /** @param cookies - the `Cookie` header; @param authorization - for what is no browser */
  hasPassed(cookies: string | undefined, authorization: string | undefined): boolean {
    if (this.isToken(/^Bearer (.+)$/.exec(authorization ?? '')?.[1])) return true
    return (cookies ?? '').split(';').some((cookie) => {
      const [name, value] = cookie.trim().split('=', 2)
      return name === this.#name && value !== undefined && isSame(value, this.#session)
    })
  }

  /**
   * Lax: with Strict, a browser that follows the printed address from another site, such as a terminal in a web page, would
   * not send it. Of other sites only a link has it so, and they cannot read what it opens.
   */
  get cookie(): string {
    return `${this.#name}=${this.#session}; Path=/; HttpOnly; SameSite=Lax`
  }
}

/** In a time that does not tell how much of it is right. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(expected))
}
