import { uniteEffects, untaped, type Effect } from '../effects.ts'
import { sha256 } from '../hash.ts'
import { mostKept } from '../most-kept.ts'
import { switchedProtocols } from '../policy.ts'
import type { Exchange, Exemplar, LedgerEntry, RouteRecord } from '../profile.ts'
import { newestFirst, newestOf, type Recording } from './recording.ts'
import { unite, type Group, type Member } from './unite.ts'

/** A request with what is known of it. */
export interface MergedExemplar {
  readonly exemplar: Exemplar
  /** Of any place: where it belongs is not known yet, here and in `tapes`. */
  readonly ledger: LedgerEntry | undefined
  readonly tapes: readonly Exchange[]
}

export interface MergedExemplars {
  readonly exemplars: readonly MergedExemplar[]
  /** Distinct requests for which there was no room. */
  readonly leftOut: number
}

/** What recordings know of a request besides itself. */
export class Evidence {
  readonly #ledger = new Map<string, LedgerEntry>()
  readonly #tapes = new Map<string, Exchange[]>()

  constructor({ profile }: Recording) {
    for (const entry of profile.ledger) this.#ledger.set(keyOf(entry), entry)
    for (const entry of profile.tapes) {
      const tapes = this.#tapes.get(keyOf(entry))
      if (tapes === undefined) this.#tapes.set(keyOf(entry), [entry])
      else tapes.push(entry)
    }
  }

  ledger(route: number, exemplar: number): LedgerEntry | undefined {
    return this.#ledger.get(keyOf({ route, exemplar }))
  }

  tapes(route: number, exemplar: number): readonly Exchange[] {
    return this.#tapes.get(keyOf({ route, exemplar })) ?? []
  }
}

/** How much room is left for all exemplars and all tapes. */
export class Room {
  #exemplarBytes: number = mostKept.exemplarBytes
  #tapeBytes: number = mostKept.tapeBytes

  takeExemplar({ url, headers, body }: Exemplar): boolean {
    const bytes = url.length + headers.join('').length + (body?.length ?? 0)
    if (bytes > this.#exemplarBytes) return false
    this.#exemplarBytes -= bytes
    return true
  }

  takeTapes(tapes: readonly Pick<Exchange, 'body'>[]): boolean {
    const bytes = tapes.reduce((sum, { body }) => sum + body.length, 0)
    if (bytes > this.#tapeBytes) return false
    this.#tapeBytes -= bytes
    return true
  }
}

/**
 * The requests of one route, each distinct one once, by turns from each recording, as many as a recorder would keep. One is as
 * the newest recording has it that tried it alone; what any recording has seen it do counts. What was held out anywhere
 * stays held out, unless nothing would be left to rehearse.
 */
export function mergeExemplars(
  route: Group<RouteRecord>,
  evidence: ReadonlyMap<Recording, Evidence>,
  room: Room,
): MergedExemplars {
  const sources = route.map(({ of, entry }) => ({ of, entries: entry.exemplars }))
  const routeOf = new Map(route.map(({ of, index }) => [of, index]))
  const groups = unite(sources, contentOf)
  const inTurn = [...groups].sort(([a], [b]) => a.index - b.index)
  const isHeldOut = heldOut(inTurn)
  const exemplars = choose(inTurn, isHeldOut)
    .map((group) => {
      const { exemplar, ...known } = describe(group, evidence, routeOf)
      const use = isHeldOut(group) ? 'compare' : 'rehearse'
      return { exemplar: { ...exemplar, use } as const, ...known }
    })
    .filter(({ exemplar }) => room.takeExemplar(exemplar))
    .map(({ exemplar, ledger, tapes }) => {
      const hasRoom = room.takeTapes(tapes)
      if (hasRoom) return { exemplar, ledger, tapes }
      const effects = ledger?.effects.map(untaped) ?? []
      return { exemplar, ledger: ledger && { ...ledger, effects }, tapes: [] }
    })
  return { exemplars, leftOut: groups.length - exemplars.length }
}

function heldOut(groups: readonly Group<Exemplar>[]): (group: Group<Exemplar>) => boolean {
  const isEver = (group: Group<Exemplar>, use: Exemplar['use']): boolean =>
    group.some(({ entry }) => entry.use === use)
  const hasOther = groups.some((group) => !isEver(group, 'compare'))
  const givenBack = hasOther ? undefined : groups.find((group) => isEver(group, 'rehearse'))
  return (group) => group !== givenBack && isEver(group, 'compare')
}

/** Where there are too many, as large a part of them is held out as in a recording. */
function choose(
  groups: readonly Group<Exemplar>[],
  isHeldOut: (group: Group<Exemplar>) => boolean,
): readonly Group<Exemplar>[] {
  const { exemplarsPerRoute, heldOutEvery } = mostKept
  if (groups.length <= exemplarsPerRoute) return groups
  const rehearsed = groups.filter((group) => !isHeldOut(group))
  const least = Math.floor(exemplarsPerRoute / heldOutEvery)
  const heldOutCount = Math.max(least, exemplarsPerRoute - rehearsed.length)
  const some = groups.filter(isHeldOut).slice(0, heldOutCount)
  const chosen = new Set([...some, ...rehearsed.slice(0, exemplarsPerRoute - some.length)])
  return groups.filter((group) => chosen.has(group))
}

function describe(
  group: Group<Exemplar>,
  evidence: ReadonlyMap<Recording, Evidence>,
  routeOf: ReadonlyMap<Recording, number>,
): MergedExemplar {
  const routeIn = (of: Recording): number => routeOf.get(of) ?? 0
  const entryOf = ({ of, index }: Member<Exemplar>): LedgerEntry | undefined =>
    evidence.get(of)?.ledger(routeIn(of), index)
  const [first, ...others] = group.filter((member) => {
    return (entryOf(member)?.outcome ?? 'untried') !== 'untried'
  })
  const source = newestOf(first === undefined ? group : [first, ...others])
  const entry = entryOf(source) ?? group.map(entryOf).find((each) => each !== undefined)
  const effects = group.flatMap((member) => entryOf(member)?.effects ?? [])
  const tapes = newestFirst(group).map(
    ({ of, index }) => evidence.get(of)?.tapes(routeIn(of), index) ?? [],
  )
  return {
    exemplar: source.entry,
    ledger: entry && { ...entry, effects: mostTelling(uniteEffects(effects)) },
    tapes: uniteTapes(tapes),
  }
}

/** The answers of the first; then, of each other, those of calls that none before it has made. */
function uniteTapes(tapes: readonly (readonly Exchange[])[]): readonly Exchange[] {
  const known = new Set<string>()
  return tapes.flatMap((exchanges) => {
    const added = exchanges.filter(({ method, url }) => !known.has(`${method} ${url}`))
    for (const { method, url } of added) known.add(`${method} ${url}`)
    return added
  })
}

/** As many as the format takes; of too many, those that a policy may refuse. */
export function mostTelling(effects: readonly Effect[]): readonly Effect[] {
  const most = 200
  if (effects.length <= most) return effects
  const order: readonly Effect['access'][] = ['write', 'unknown', 'read', 'taped']
  return [...effects]
    .sort((a, b) => order.indexOf(a.access) - order.indexOf(b.access))
    .slice(0, most)
}

/** What makes it a distinct request, as for the recorder. */
function contentOf({ url, body, bodyKept, status }: Exemplar): string {
  if (status === switchedProtocols) return `upgrade ${url}`
  return `${bodyKept} ${body === null ? '' : sha256(body)} ${url}`
}

function keyOf({ route, exemplar }: Pick<LedgerEntry, 'route' | 'exemplar'>): string {
  return `${route}:${exemplar}`
}
