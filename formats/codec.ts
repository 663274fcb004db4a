import { encode } from '@msgpack/msgpack'
import { checkCodeCaches } from './code-caches.ts'
import { decodeContainer, digestOf, encodeContainer } from './container.ts'
import { PrewarmError } from './errors.ts'
import { limits } from './limits.ts'
import { decodeMessagePack } from './msgpack.ts'
import {
  laterSections,
  sealableSections,
  sections,
  type Profile,
  type Section,
  type SectionName,
} from './profile.ts'
import type { Schema } from './schema.ts'
import { seal, sealedName, unsealAll } from './sealed.ts'

/** A profile whose container has been verified; each section is decoded when it is asked for. */
export interface ProfileFile {
  section<N extends SectionName>(name: N): Section<N>
  /** SHA-256, hexadecimal: another one is another profile, whatever its name. */
  readonly digest: string
  /** Why sections that are encrypted stay so; asking for one of them throws it. */
  readonly lock: PrewarmError | undefined
  /** Whether sections are encrypted, with or without a key for them. */
  readonly isSealed: boolean
  /** Raw V8 code caches, a view into the file; `codeCaches()` tells whose they are. */
  readonly codecache: Uint8Array
  /** Bytes of each section, in file order. */
  readonly sizes: ReadonlyMap<string, number>
}

/**
 * The bytes of a profile file. Throws `ERR_PREWARM_FMT_INVALID` or `ERR_PREWARM_FMT_LIMIT` when `profile` does not fit
 * the format: what is written can be read.
 *
 * @param key - 32 bytes: encrypts what clients and upstreams said
 */
export function encodeProfile(profile: Profile, key?: Uint8Array): Uint8Array {
  const encoded = new Map<string, Uint8Array>()
  for (const name of Object.keys(sections) as SectionName[]) {
    const section = encodeSection(name, profile[name])
    if (key === undefined || !sealableSections.has(name)) encoded.set(name, section)
    else encoded.set(sealedName(name), seal(name, section, key))
  }
  encoded.set('codecache', profile.codecache)
  checkReferences(profile)
  checkCodeCaches(profile.modules, profile.codecache)
  return encodeContainer(encoded)
}

/** The bytes of one section by itself; throws as {@link encodeProfile} does. */
export function encodeSection<N extends SectionName>(name: N, value: Section<N>): Uint8Array {
  const schema: Schema<unknown> = sections[name]
  const section = encode(schema.pack?.(value, name) ?? schema.parse(value, name))
  // Over a limit: better refused by who writes it.
  decodeSection(name, section)
  return section
}

/**
 * Verifies the container (magic, version, bounds, every hash) at once. Throws only coded errors
 * (`ERR_PREWARM_FMT_*`), here and from `section()`. Without the right key, all but the encrypted sections can be read.
 */
export function openProfile(file: Uint8Array, key?: Uint8Array): ProfileFile {
  const stored = decodeContainer(file)
  const { found, lock } = unsealAll(stored, key)
  const codecache = found.get('codecache') ?? new Uint8Array(0)
  return {
    codecache,
    digest: digestOf(file),
    lock,
    isSealed: [...sealableSections].some((name) => stored.has(sealedName(name))),
    sizes: new Map([...stored].map(([name, section]) => [name, section.length])),
    section<N extends SectionName>(name: N): Section<N> {
      if (lock !== undefined && sealableSections.has(name)) throw lock
      const input = found.get(name)
      if (input === undefined) {
        if (laterSections.has(name)) return [] as unknown as Section<N>
        throw new PrewarmError('ERR_PREWARM_FMT_INVALID', `The profile has no section ${name}`)
      }
      const section = sections[name].parse(decodeSection(name, input), name)
      if (name === 'modules') checkCodeCaches(section as Section<'modules'>, codecache)
      return section as Section<N>
    },
  }
}

/** Decodes and checks everything, cross-references included. The replayer takes single sections instead. */
export function decodeProfile(file: Uint8Array, key?: Uint8Array): Profile {
  return decodeAll(openProfile(file, key))
}

/** The same for who can do without: sections that stay encrypted are empty, and so is `curve`, which points into them. */
export function decodeUnlocked(
  file: Uint8Array,
  key?: Uint8Array,
): { readonly profile: Profile; readonly lock: PrewarmError | undefined } {
  const opened = openProfile(file, key)
  const { lock } = opened
  return { profile: decodeAll(lock === undefined ? opened : withoutLocked(opened)), lock }
}

function withoutLocked(opened: ProfileFile): ProfileFile {
  const empty: { readonly [N in SectionName]?: Section<N> } = {
    requests: { servers: [], routes: [] },
    curve: [],
    ledger: [],
    tapes: [],
    work: [],
  }
  return {
    ...opened,
    section: <N extends SectionName>(name: N): Section<N> => empty[name] ?? opened.section(name),
  }
}

function decodeAll(opened: ProfileFile): Profile {
  const profile: Profile = {
    meta: opened.section('meta'),
    modules: opened.section('modules'),
    resolutions: opened.section('resolutions'),
    functions: opened.section('functions'),
    requests: opened.section('requests'),
    curve: opened.section('curve'),
    ledger: opened.section('ledger'),
    tapes: opened.section('tapes'),
    work: opened.section('work'),
    codecache: opened.codecache,
  }
  checkReferences(profile)
  return profile
}

function decodeSection(name: SectionName, input: Uint8Array): unknown {
  if (input.length > limits.structureBytes) {
    throw new PrewarmError('ERR_PREWARM_FMT_LIMIT', `Section ${name} has ${input.length} bytes`)
  }
  return decodeMessagePack(input, name)
}

/** Indices that point from one section into another must hit something. */
function checkReferences(profile: Profile): void {
  const within = (index: number | null, count: number, at: string): void => {
    if (index !== null && index >= count) {
      throw new PrewarmError('ERR_PREWARM_FMT_INVALID', `${at}: ${index} of ${count} entries`)
    }
  }
  const { modules, resolutions, functions, requests, curve, ledger, tapes } = profile
  modules.forEach((module, index) => {
    within(module.requester, modules.length, `modules[${index}].requester`)
  })
  resolutions.forEach(({ from, to }, index) => {
    within(from, modules.length, `resolutions[${index}].from`)
    within(to, modules.length, `resolutions[${index}].to`)
  })
  functions.forEach((entry, index) => {
    within(entry.module, modules.length, `functions[${index}].module`)
  })
  requests.routes.forEach((route, index) => {
    within(route.server, requests.servers.length, `requests.routes[${index}].server`)
  })
  curve.forEach((entry, index) => {
    within(entry.route, requests.routes.length, `curve[${index}].route`)
  })
  for (const [name, rows] of Object.entries({ ledger, tapes })) {
    rows.forEach(({ route, exemplar }, index) => {
      within(route, requests.routes.length, `${name}[${index}].route`)
      const exemplars = requests.routes[route]?.exemplars ?? []
      within(exemplar, exemplars.length, `${name}[${index}].exemplar`)
    })
  }
}
