import type { HotFunction, Tier } from '../profile.ts'
import { higherTier } from '../tiers.ts'
import type { MergedModules } from './modules.ts'
import { newestOf, type Recording } from './recording.ts'
import { addAmounts, addCounts } from './sums.ts'
import { unite, type Group, type Member } from './unite.ts'

export interface MergedFunctions {
  /** Hottest first. */
  readonly functions: readonly HotFunction[]
  /** How many were left out, since the source that they were recorded from is not in the merged profile. */
  readonly outdated: number
}

type Placed = Pick<MergedModules, 'placeOf' | 'isCurrent'>

/**
 * Functions are told by module, position and source; samples and self times add up, and the highest tier counts. One of
 * a module that has changed since adds to the function with the same name and source, if the newer module has it.
 */
export function mergeFunctions(recordings: readonly Recording[], modules: Placed): MergedFunctions {
  const sources = recordings.map((of) => ({ of, entries: of.profile.functions }))
  const isCurrent = ({ of, entry }: Member<HotFunction>): boolean =>
    modules.isCurrent(of, entry.module)
  const placeOf = ({ module, line, column, position }: HotFunction, of: Recording): string =>
    [modules.placeOf(of, module), line, column, position].join(':')
  const contentOf = ({ of, entry }: Member<HotFunction>): string | undefined =>
    entry.sourceHash === null
      ? undefined
      : [modules.placeOf(of, entry.module), entry.sourceHash, entry.name].join(':')

  const united = unite(
    sources,
    (entry, of) =>
      `${String(modules.isCurrent(of, entry.module))} ${placeOf(entry, of)} ${entry.sourceHash ?? ''}`,
  )
  const current = joinUnread(
    united.filter(([first]) => isCurrent(first)),
    ({ of, entry }) => placeOf(entry, of),
  )
  const byContent = new Map<string, number>()
  current.forEach((group, index) => {
    const content = group.map(contentOf).find((each) => each !== undefined)
    if (content !== undefined && !byContent.has(content)) byContent.set(content, index)
  })
  let outdated = 0
  const joined: Member<HotFunction>[][] = current.map(() => [])
  for (const group of united) {
    if (isCurrent(group[0])) continue
    const successor = byContent.get(contentOf(group[0]) ?? '')
    if (successor === undefined) outdated++
    else joined[successor]?.push(...group)
  }
  const functions = current.map((group, index) => sumUp(group, joined[index] ?? [], modules))
  return { functions: functions.sort((a, b) => b.samples - a.samples), outdated }
}

/**
 * A recording that could not read the source of a function any more has the same function as another one that could, since
 * the source of the module is the same.
 */
function joinUnread(
  groups: readonly Group<HotFunction>[],
  placeOf: (member: Member<HotFunction>) => string,
): Group<HotFunction>[] {
  const read = new Map<string, number>()
  const result: Group<HotFunction>[] = []
  const isUnread = ([first]: Group<HotFunction>): boolean => first.entry.sourceHash === null
  for (const group of groups.filter((each) => !isUnread(each))) {
    const place = placeOf(group[0])
    if (!read.has(place)) read.set(place, result.length)
    result.push(group)
  }
  for (const group of groups.filter(isUnread)) {
    const index = read.get(placeOf(group[0]))
    const twin = index === undefined ? undefined : result[index]
    const isApart = twin?.every(({ of }) => group.every((member) => member.of !== of)) === true
    if (twin !== undefined && index !== undefined && isApart) result[index] = [...twin, ...group]
    else result.push(group)
  }
  return result
}

function sumUp(
  group: Group<HotFunction>,
  earlier: readonly Member<HotFunction>[],
  modules: Placed,
): HotFunction {
  const [first, ...others] = group.filter(({ entry }) => entry.sourceHash !== null)
  const { of, entry } = newestOf(first === undefined ? group : [first, ...others])
  const all: Group<HotFunction> = [...group, ...earlier]
  const tiers = all.flatMap((member) => member.entry.tier ?? [])
  const names = all.map((member) => member.entry.name)
  return {
    ...entry,
    // V8 names one that was sampled better than one that was only found to be optimised.
    name: entry.name || (names.find((name) => name !== '') ?? ''),
    module: modules.placeOf(of, entry.module) ?? 0,
    selfMs: addAmounts(all, ({ selfMs }) => selfMs),
    samples: addCounts(all, ({ samples }) => samples),
    tier: tiers.reduce<Tier | null>((most, tier) => higherTier(tier, most ?? tier), null),
  }
}
