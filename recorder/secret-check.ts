import { PrewarmError } from '../formats/errors.ts'
import { routeName } from '../formats/policy.ts'
import type { Profile } from '../formats/profile.ts'
import type { Finding, Place, Scanner } from './scanner.ts'
import { withoutRequests } from './without-requests.ts'

export interface Checked {
  readonly profile: Profile
  /** Lines for people: what was left out, or is in there all the same. */
  readonly notes: readonly string[]
}

/** Index of a route, and of one of its requests; undefined: the route itself. */
interface Owner {
  readonly route: number
  readonly exemplar: number | undefined
}

const maxNamed = 10

/**
 * A profile that holds no secret which the scanner can tell. Recorded requests that do are left out, each with what was
 * recorded of its effects, and routes whose name does; who has recorded for an hour does not lose it. Anywhere else it
 * throws `ERR_PREWARM_REC_SECRET`. Places are told, values never.
 *
 * @param isAllowed - leaves everything in and says so
 */
export function checkSecrets(profile: Profile, scanner: Scanner, isAllowed: boolean): Checked {
  const findings = scanner.scan(profile)
  const describe = (finding: Finding): string => lineOf(finding, profile, scanner)
  const inCaches = noteOf(
    scanner.scanCaches(profile).map(describe),
    'Secrets are literals in the source of the application, and so in its code caches',
  )
  if (isAllowed) {
    const kept = noteOf(findings.map(describe), 'Written as asked, with what may be secrets')
    return { profile, notes: [...kept, ...inCaches] }
  }
  const owned = findings.map((finding) => ({ finding, owner: ownerOf(finding.place, profile) }))
  const elsewhere = owned.filter(({ owner }) => owner === undefined)
  if (elsewhere.length > 0) throw refusal(elsewhere.map(({ finding }) => describe(finding)))

  const routes = new Set<number>()
  const exemplars = new Map<number, Set<number>>()
  const first = new Map<string, Finding>()
  for (const { finding, owner } of owned) {
    if (owner === undefined) continue
    const { route, exemplar } = owner
    if (exemplar === undefined) routes.add(route)
    else exemplars.set(route, (exemplars.get(route) ?? new Set()).add(exemplar))
    const unit = `${route} ${exemplar ?? ''}`
    if (!first.has(unit)) first.set(unit, finding)
  }
  const clean = withoutRequests(profile, { routes, exemplars })
  const left = scanner.scan(clean)
  if (left.length > 0) throw refusal(left.map((finding) => lineOf(finding, clean, scanner)))
  const dropped = noteOf(
    [...first.values()].map(describe),
    'Recorded requests were left out, since they hold what may be a secret',
  )
  return { profile: clean, notes: [...dropped, ...inCaches] }
}

function ownerOf(place: Place, { ledger, tapes }: Profile): Owner | undefined {
  const [section, list, index, field, exemplar] = place
  if (section === 'requests' && list === 'routes' && typeof index === 'number') {
    const isExemplar = field === 'exemplars' && typeof exemplar === 'number'
    return { route: index, exemplar: isExemplar ? exemplar : undefined }
  }
  if (typeof list !== 'number') return undefined
  if (section === 'ledger') return ledger[list]
  return section === 'tapes' ? tapes[list] : undefined
}

function lineOf({ place, what, offset }: Finding, profile: Profile, scanner: Scanner): string {
  const at = offset === undefined ? '' : ` at ${offset}`
  return `${placeName(place, profile, scanner)}${at}: ${what}`
}

/** A name from the application or a client is only shown when it holds no secret itself. */
function placeName(place: Place, profile: Profile, scanner: Scanner): string {
  const shown = (text: string | undefined, otherwise: string): string =>
    text === undefined || !scanner.isClean(text)
      ? otherwise
      : text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '?')
  const owner = ownerOf(place, profile)
  if (owner === undefined) {
    const [section, index, field] = place
    const isCache = section === 'modules' && typeof index === 'number' && field === 'codecache'
    return isCache
      ? `code cache of ${shown(profile.modules[index]?.id, `modules[${index}]`)}`
      : pathOf(place)
  }
  const { route, exemplar } = owner
  const record = profile.requests.routes[route]
  const name = shown(record && routeName(record), `route ${route + 1}`)
  if (exemplar === undefined) return `${name}, ${pathOf(place.slice(3))} of the route`
  const isTape = place[0] === 'tapes'
  const rest = place[0] === 'requests' ? place.slice(5) : place.slice(2)
  const headers = isTape
    ? profile.tapes[Number(place[1])]?.headers
    : record?.exemplars[exemplar]?.headers
  const [field, index] = rest
  const isHeader = field === 'headers' && typeof index === 'number'
  const part =
    isHeader && index % 2 === 1
      ? `header ${shown(headers?.[index - 1], `${(index + 1) / 2}`)}`
      : pathOf(rest)
  const of = place[0] === 'requests' ? '' : ` of ${isTape ? 'a tape' : 'the ledger'}`
  return `${name}, request ${exemplar + 1}, ${part}${of}`
}

function pathOf(place: Place): string {
  return place
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')
}

function refusal(lines: readonly string[]): PrewarmError {
  return new PrewarmError(
    'ERR_PREWARM_REC_SECRET',
    `The profile is not written, since it would hold a secret:\n${listOf(lines)}`,
    {
      hint: 'Keep it out with --redact NAME or --redact $.PATH, or write it all the same with --allow-secrets.',
    },
  )
}

function noteOf(lines: readonly string[], title: string): string[] {
  return lines.length === 0 ? [] : [`${title}:\n${listOf(lines)}`]
}

function listOf(lines: readonly string[]): string {
  const named = lines.slice(0, maxNamed).map((line) => `  ${line}`)
  const more = lines.length - named.length
  return [...named, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')
}
