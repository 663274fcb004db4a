import type { HotFunction, ModuleRecord, Profile, RouteRecord } from '../../formats/profile.ts'
import type { ProfileDiff, UnitChange } from '../api.ts'
import { formatBytes, formatCount, formatMs } from './units.ts'

type Compared = Pick<Profile, 'modules' | 'functions' | 'requests'>

/**
 * What became of the modules, functions and routes of one profile in another one, as lists of their units: first those of
 * `from` in its order, then what only `to` has.
 */
export function diffProfiles(from: Compared, to: Compared): Omit<ProfileDiff, 'from' | 'to'> {
  return {
    modules: diffModules(from.modules, to.modules),
    functions: diffFunctions(from, to),
    routes: diffRoutes(from.requests.routes, to.requests.routes),
  }
}

function diffModules(
  from: readonly ModuleRecord[],
  to: readonly ModuleRecord[],
): readonly UnitChange[] {
  return pairUp(from, to, [({ id }) => id]).map(({ before, after }) => {
    if (before === undefined) return change(after.id, 'added', after.format)
    if (after === undefined) return change(before.id, 'removed', before.format)
    const isKept = before.sourceHash === after.sourceHash && before.format === after.format
    return change(before.id, isKept ? 'kept' : 'changed', [
      step(before.format, after.format),
      before.sourceLength === after.sourceLength
        ? ''
        : `${formatCount(before.sourceLength)} -> ${formatCount(after.sourceLength)} characters`,
      step(before.phase, after.phase),
      step(cacheText(before.cacheBytes), cacheText(after.cacheBytes)),
    ])
  })
}

/** A function with what makes it the same one in another profile. */
interface Placed extends HotFunction {
  readonly moduleId: string
}

/** A function that only moved has the same source in the same module. Where its source is not known, its place has to do. */
function diffFunctions(from: Compared, to: Compared): readonly UnitChange[] {
  const bySource = ({ moduleId, name, sourceHash }: Placed): string | undefined =>
    sourceHash === null ? undefined : [moduleId, name, sourceHash].join('\0')
  const byPlace = ({ moduleId, name, line, column }: Placed): string =>
    [moduleId, name, line, column].join('\0')
  const byName = ({ moduleId, name }: Placed): string | undefined =>
    name === '' ? undefined : [moduleId, name].join('\0')
  return pairUp(placed(from), placed(to), [bySource, byPlace, byName]).map(({ before, after }) => {
    if (before === undefined) return change(unitOf(after), 'added', tierText(after))
    if (after === undefined) return change(unitOf(before), 'removed', tierText(before))
    // Two that cannot be compared are in the same place, with the same name.
    const isKept =
      before.sourceHash === null || after.sourceHash === null
        ? byPlace(before) === byPlace(after)
        : before.sourceHash === after.sourceHash
    return change(unitOf(after), isKept ? 'kept' : 'changed', [
      step(tierText(before), tierText(after)),
      byPlace(before) === byPlace(after) ? '' : `moved ${placeOf(before)} -> ${placeOf(after)}`,
    ])
  })
}

function diffRoutes(
  from: readonly RouteRecord[],
  to: readonly RouteRecord[],
): readonly UnitChange[] {
  const name = ({ method, route }: RouteRecord): string => `${method} ${route}`
  return pairUp(from, to, [name]).map(({ before, after }) => {
    if (before === undefined) return change(name(after), 'added', requestsText(after))
    if (after === undefined) return change(name(before), 'removed', requestsText(before))
    return change(name(before), 'kept', [
      step(requestsText(before), requestsText(after)),
      step(steadyText(before), steadyText(after)),
    ])
  })
}

type Pair<T> =
  | { readonly before: T; readonly after: T | undefined }
  | { readonly before: undefined; readonly after: T }

/** Pairs with an equal key, each entry once: by the first key as many as there are, what is left by the next. */
function pairUp<T>(
  from: readonly T[],
  to: readonly T[],
  keys: readonly ((entry: T) => string | undefined)[],
): readonly Pair<T>[] {
  const found = new Map<T, T>()
  const taken = new Set<T>()
  for (const keyOf of keys) {
    const offered = new Map<string, T[]>()
    for (const entry of to) {
      const key = taken.has(entry) ? undefined : keyOf(entry)
      if (key === undefined) continue
      const group = offered.get(key)
      if (group === undefined) offered.set(key, [entry])
      else group.push(entry)
    }
    // Taken from the end, which costs nothing.
    for (const group of offered.values()) group.reverse()
    for (const entry of from) {
      const key = found.has(entry) ? undefined : keyOf(entry)
      const match = key === undefined ? undefined : offered.get(key)?.pop()
      if (match === undefined) continue
      found.set(entry, match)
      taken.add(match)
    }
  }
  return [
    ...from.map((before): Pair<T> => ({ before, after: found.get(before) })),
    ...to
      .filter((entry) => !taken.has(entry))
      .map((after): Pair<T> => ({ before: undefined, after })),
  ]
}

function placed({ functions, modules }: Compared): readonly Placed[] {
  return functions.map((entry) => ({ ...entry, moduleId: modules[entry.module]?.id ?? '' }))
}

function change(
  unit: string,
  kind: UnitChange['change'],
  detail: string | readonly string[],
): UnitChange {
  const parts = typeof detail === 'string' ? [detail] : detail
  return { unit, change: kind, detail: parts.filter((part) => part !== '').join(', ') }
}

function step(before: string, after: string): string {
  return before === after ? '' : `${before} -> ${after}`
}

function unitOf({ name, moduleId, line }: Placed): string {
  return `${name || '(anonymous)'} ${moduleId}:${line}`
}

function placeOf({ line, column }: HotFunction): string {
  return `${line}:${column}`
}

function tierText({ tier }: HotFunction): string {
  return tier ?? 'tier unknown'
}

function cacheText(bytes: number): string {
  return bytes === 0 ? 'no cache' : `cache ${formatBytes(bytes)}`
}

function requestsText({ count }: RouteRecord): string {
  return `${formatCount(count)} requests`
}

function steadyText({ steady }: RouteRecord): string {
  return `steady p50 ${formatMs(steady.p50Ms)}`
}
