import { PrewarmError } from '../formats/errors.ts'
import { routeName } from '../formats/policy.ts'
import type { Profile } from '../formats/profile.ts'
import type { Finding, Place, Scanner } from './scanner.ts'
import { withoutCalls, withoutRequests, type LeftOut } from './without-requests.ts'

export interface Checked {
  readonly profile: Profile
  /** Lines for people: what was left out, or is in there all the same. */
  readonly notes: readonly string[]
}

/** Index of a route or of work, and of one of its requests or calls; undefined: the route or work itself. */
interface Owner {
  readonly of: 'requests' | 'work'
  readonly index: number
  readonly part: number | undefined
}

const maxNamed = 10

/**
 * A profile that holds no secret which the scanner can tell. Recorded requests and calls that do are left out, each with
 * what was recorded of its effects, and routes and work whose name does; who has recorded for an hour does not lose it. Anywhere else it
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

  const owners = owned.flatMap(({ owner }) => owner ?? [])
  const clean = withoutCalls(
    withoutRequests(profile, leftOut(owners, 'requests')),
    leftOut(owners, 'work'),
  )
  const left = scanner.scan(clean)
  if (left.length > 0) throw refusal(left.map((finding) => lineOf(finding, clean, scanner)))
  const dropped = (['requests', 'calls'] as const).flatMap((what) => {
    const of = what === 'calls' ? 'work' : what
    const first = new Map<string, Finding>()
    for (const { finding, owner } of owned) {
      const unit = `${owner?.index} ${owner?.part ?? ''}`
      if (owner?.of === of && !first.has(unit)) first.set(unit, finding)
    }
    const title = `Recorded ${what} were left out, since they hold what may be a secret`
    return noteOf([...first.values()].map(describe), title)
  })
  return { profile: clean, notes: [...dropped, ...inCaches] }
}

function leftOut(owners: readonly Owner[], of: Owner['of']): LeftOut {
  const whole = new Set<number>()
  const parts = new Map<number, Set<number>>()
  for (const { index, part } of owners.filter((owner) => owner.of === of)) {
    if (part === undefined) whole.add(index)
    else parts.set(index, (parts.get(index) ?? new Set()).add(part))
  }
  return { whole, parts }
}

function ownerOf(place: Place, { ledger, tapes }: Profile): Owner | undefined {
  const [section, ...rest] = place
  if (section === 'requests')
    return rest[0] === 'routes' ? ownerIn(rest.slice(1), section) : undefined
  if (section === 'work') return ownerIn(rest, section)
  const [row] = rest
  if (typeof row !== 'number') return undefined
  const entry = section === 'ledger' ? ledger[row] : section === 'tapes' ? tapes[row] : undefined
  return entry && { of: 'requests', index: entry.route, part: entry.exemplar }
}

/** @param place - below the list of routes or work */
function ownerIn([index, field, part]: Place, of: Owner['of']): Owner | undefined {
  if (typeof index !== 'number') return undefined
  const isPart = field === 'exemplars' || field === 'samples'
  return { of, index, part: isPart && typeof part === 'number' ? part : undefined }
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
  const { index: route, part: exemplar } = owner
  if (owner.of === 'work') {
    const name = shown(profile.work[route]?.name, `work ${route + 1}`)
    if (exemplar === undefined) return `${name}, ${pathOf(place.slice(2))} of the work`
    return `${name}, call ${exemplar + 1}, ${pathOf(place.slice(4))}`
  }
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
