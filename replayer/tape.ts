import type { Exchange } from '../formats/profile.ts'

/** What the recorder puts in the place of a secret. */
const redacted = 'redacted'
/** The recorder leaves them out of paths. */
const parameters = /(?:;|%3b).*/is

interface Target {
  readonly origin: string
  readonly segments: readonly string[]
  /** Sorted, names and values as they are written. */
  readonly query: readonly (readonly [name: string, value: string])[]
}

interface Entry {
  readonly exchange: Exchange
  readonly target: Target
}

/** The answers that the outbound calls of one recorded request got. */
export class Tape {
  readonly #entries: readonly Entry[]
  readonly #used = new Set<Entry>()

  constructor(exchanges: readonly Exchange[]) {
    this.#entries = exchanges.map((exchange) => ({ exchange, target: targetOf(exchange.url) }))
  }

  /**
   * The answer to a call; undefined: none was recorded. Hosts and values may be others than in staging: where a call
   * could have several answers, those of the same host count, of them those with the same query, and of them one after
   * the other. The last one is given again.
   */
  find(method: string, url: string): Exchange | undefined {
    const target = targetOf(url)
    const all = this.#entries.filter(
      (entry) => entry.exchange.method === method && mayAnswer(entry.target, target),
    )
    const ofOrigin = some(all, (entry) => entry.target.origin === target.origin)
    const fitting = some(ofOrigin, (entry) => hasQueryOf(entry.target, target))
    const chosen = fitting.find((entry) => !this.#used.has(entry)) ?? fitting.at(-1)
    if (chosen !== undefined) this.#used.add(chosen)
    return chosen?.exchange
  }

  /** For the next time that the request is rehearsed. */
  reset(): void {
    this.#used.clear()
  }
}

function targetOf(url: string): Target {
  const [, origin = '', path = '', query = ''] =
    /^([^/]*\/\/[^/?#]*)?([^?#]*)\??([^#]*)/.exec(url) ?? []
  const pairs = query.split('&').filter((pair) => pair !== '')
  return {
    origin: origin.toLowerCase(),
    segments: path.split('/').map((segment) => segment.replace(parameters, '')),
    query: pairs.sort().map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  }
}

/** Those to which something applies, or all when it applies to none. */
function some(entries: readonly Entry[], applies: (entry: Entry) => boolean): readonly Entry[] {
  const applying = entries.filter(applies)
  return applying.length > 0 ? applying : entries
}

function mayAnswer(recorded: Target, asked: Target): boolean {
  return (
    recorded.segments.length === asked.segments.length &&
    recorded.segments.every((segment, index) => isLike(segment, asked.segments[index])) &&
    hasKeysOf(recorded, asked)
  )
}

function hasKeysOf(recorded: Target, asked: Target): boolean {
  const keys = new Set(recorded.query.map(([name]) => name))
  const askedKeys = new Set(asked.query.map(([name]) => name))
  // A key that was a secret itself stands for any other.
  const named = [...keys].filter((key) => key !== redacted)
  const isComplete = keys.has(redacted)
    ? askedKeys.size > named.length
    : askedKeys.size === named.length
  return isComplete && named.every((key) => askedKeys.has(key))
}

function hasQueryOf(recorded: Target, asked: Target): boolean {
  if (recorded.query.length !== asked.query.length) return false
  return recorded.query.every(([name, value], index) => {
    const [askedName, askedValue] = asked.query[index] ?? []
    return isLike(name, askedName) && isLike(value, askedValue)
  })
}

function isLike(recorded: string, asked: string | undefined): boolean {
  return recorded === redacted || recorded === asked
}
