import { codeCaches } from '../code-caches.ts'
import { mostKept } from '../most-kept.ts'
import type { ModuleRecord } from '../profile.ts'
import { newestFirst, newestOf, type Recording } from './recording.ts'
import { Places, unite, type Group, type Member } from './unite.ts'

/** A file that was not the same in all recordings. */
export interface Conflict {
  readonly path: string
  /** Name of the recording whose file counts. */
  readonly kept: string
  /** Names of the recordings with other ones. */
  readonly outdated: readonly string[]
}

export interface MergedModules {
  readonly modules: readonly ModuleRecord[]
  readonly codecache: Uint8Array
  readonly conflicts: readonly Conflict[]
  /** Ids of modules that had a code cache in a recording, and have none now. */
  readonly withoutCache: readonly string[]
  /** Place of a module of a recording in `modules`. */
  readonly placeOf: (of: Recording, index: number) => number | undefined
  /** Whether a recording has the source of the module that counts. */
  readonly isCurrent: (of: Recording, index: number) => boolean
}

/**
 * All modules of all recordings, told by their path. Each is as the newest recording has it; its code cache comes from the newest
 * one that was made under the tag and has the same source, since V8 takes all caches of a profile or none.
 *
 * @param tag - the code-cache tag that counts
 */
export function mergeModules(recordings: readonly Recording[], tag: number): MergedModules {
  const groups = inOrderOfAll(recordings, uniteModules(recordings))
  const places = new Places(groups)
  const cached = new CacheShelf(recordings)
  const outdated = new Set<ModuleRecord>()
  const conflicts: Conflict[] = []
  const withoutCache: string[] = []
  const blobs: Uint8Array[] = []
  let bytesLeft: number = mostKept.cacheBytes
  const modules = groups.map((group): ModuleRecord => {
    const { of, entry } = newestOf(group)
    const others = group.filter((member) => !isSameSource(member.entry, entry))
    for (const other of others) outdated.add(other.entry)
    if (others.length > 0) {
      const names = others.map((other) => other.of.name)
      conflicts.push({ path: entry.path, kept: of.name, outdated: names })
    }
    const blob = cached.find(group, entry, tag)
    const kept = blob !== undefined && blob.length <= bytesLeft ? blob : undefined
    if (kept !== undefined) {
      blobs.push(kept)
      bytesLeft -= kept.length
    } else if (group.some((member) => member.entry.cacheBytes > 0)) withoutCache.push(entry.id)
    const requester = entry.requester === null ? undefined : places.of(of, entry.requester)
    return { ...entry, requester: requester ?? null, cacheBytes: kept?.length ?? 0 }
  })
  return {
    modules,
    codecache: concat(blobs),
    conflicts,
    withoutCache,
    placeOf: (of, index) => places.of(of, index),
    isCurrent(of, index) {
      const entry = of.profile.modules[index]
      return entry !== undefined && !outdated.has(entry)
    },
  }
}

function uniteModules(recordings: readonly Recording[]): Group<ModuleRecord>[] {
  const sources = recordings.map((of) => ({ of, entries: of.profile.modules }))
  return unite(sources, ({ path }) => path)
}

/**
 * The order of the first recording; what only a later one has stands behind what stands before it there, so that
 * modules that are loaded early come in an order in which they have been loaded.
 */
function inOrderOfAll(
  recordings: readonly Recording[],
  groups: readonly Group<ModuleRecord>[],
): Group<ModuleRecord>[] {
  const places = new Places(groups)
  let order: readonly number[] = []
  for (const of of recordings) {
    const known = new Set(order)
    const added = new Map<number | undefined, number[]>()
    let anchor: number | undefined
    of.profile.modules.forEach((_, index) => {
      const place = places.of(of, index)
      if (place === undefined) return
      if (known.has(place)) anchor = place
      else added.set(anchor, [...(added.get(anchor) ?? []), place])
    })
    order = [undefined, ...order].flatMap((place) => [
      ...(place === undefined ? [] : [place]),
      ...(added.get(place) ?? []),
    ])
  }
  return order.flatMap((place) => groups.slice(place, place + 1))
}

/** The code caches of recordings. */
class CacheShelf {
  readonly #caches: ReadonlyMap<Recording, ReadonlyMap<ModuleRecord, Uint8Array>>

  constructor(recordings: readonly Recording[]) {
    this.#caches = new Map(
      recordings.map((of) => [of, codeCaches(of.profile.modules, of.profile.codecache)]),
    )
  }

  find(group: Group<ModuleRecord>, wanted: ModuleRecord, tag: number): Uint8Array | undefined {
    const fits = ({ of, entry }: Member<ModuleRecord>): boolean =>
      of.profile.meta.codeCacheTag === tag && isSameSource(entry, wanted)
    for (const { of, entry } of newestFirst(group.filter(fits))) {
      const cache = this.#caches.get(of)?.get(entry)
      if (cache !== undefined) return cache
    }
    return undefined
  }
}

function isSameSource(one: ModuleRecord, other: ModuleRecord): boolean {
  return one.sourceHash === other.sourceHash && one.format === other.format
}

function concat(blobs: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(blobs.reduce((total, { length }) => total + length, 0))
  let offset = 0
  for (const blob of blobs) {
    all.set(blob, offset)
    offset += blob.length
  }
  return all
}
