import type {
  HotFunction,
  Meta,
  ModuleRecord,
  Profile,
  RouteRecord,
} from '../../formats/profile.ts'
import type { ProfileDiff, UnitAspect, UnitChange } from '../api.ts'
import { shareChange } from './share-change.ts'
import { formatBytes, formatCount, formatMs, formatShare } from './units.ts'

type Compared = Pick<Profile, 'meta' | 'modules' | 'functions' | 'requests'>

/**
 * What became of the modules, functions and routes of one profile in another one, as lists of their units: first those of
 * `from` in its order, then what only `to` has.
 */
export function diffProfiles(from: Compared, to: Compared): Omit<ProfileDiff, 'from' | 'to'> {
  const modules = pairModules(from.modules, to.modules)
  return {
    meta: diffMeta(from.meta, to.meta),
    modules: diffModules(modules),
    functions: diffFunctions(from, to, modules),
    routes: diffRoutes(from.requests.routes, to.requests.routes),
  }
}

/** Whether there is anything to tell of a unit but that it is there in both. */
export function isDifferent({ change, aspects }: UnitChange): boolean {
  return change !== 'kept' || aspects.length > 0
}

/** Fields in which two recordings under the same conditions do not differ. */
const comparedFields = [
  'appId',
  'recorder',
  'node',
  'v8',
  'arch',
  'platform',
  'codeCacheTag',
  'execArgv',
  'nodeEnv',
  'profiler',
  'samplingMicros',
  'redactedHeaders',
  'redactedKeys',
  'generation',
] as const satisfies readonly (keyof Meta)[]

function diffMeta(from: Meta, to: Meta): readonly UnitChange[] {
  const textOf = (value: Meta[keyof Meta]): string => {
    const text = Array.isArray(value) ? value.join(' ') : String(value ?? '')
    return text === '' ? 'none' : text
  }
  return comparedFields.flatMap((field) => {
    const detail = step(textOf(from[field]), textOf(to[field]))
    return detail === '' ? [] : [change(field, 'changed', detail)]
  })
}

/** A module that only moved, also by an update of its package, has the same source under another id. */
function pairModules(
  from: readonly ModuleRecord[],
  to: readonly ModuleRecord[],
): readonly Pair<ModuleRecord>[] {
  const bySource = ({ sourceHash, format }: ModuleRecord): string | undefined =>
    sourceHash === null ? undefined : `${format} ${sourceHash}`
  return pairUp(from, to, [({ id }) => id, bySource])
}

function diffModules(modules: readonly Pair<ModuleRecord>[]): readonly UnitChange[] {
  return modules.map(({ before, after }) => {
    if (before === undefined) return change(after.id, 'added', after.format)
    if (after === undefined) return change(before.id, 'removed', before.format)
    const isKept = before.sourceHash === after.sourceHash && before.format === after.format
    const aspects: readonly (readonly [UnitAspect, boolean])[] = [
      ['moved', before.id !== after.id],
      ['phase', before.phase !== after.phase],
      ['cache', (before.cacheBytes === 0) !== (after.cacheBytes === 0)],
    ]
    return change(
      after.id,
      isKept ? 'kept' : 'changed',
      [
        before.id === after.id ? '' : `moved from ${before.id}`,
        step(before.format, after.format),
        before.sourceLength === after.sourceLength
          ? ''
          : `${formatCount(before.sourceLength)} -> ${formatCount(after.sourceLength)} characters`,
        step(before.phase, after.phase),
        step(cacheText(before.cacheBytes), cacheText(after.cacheBytes)),
      ],
      aspects,
    )
  })
}

/** A function with what makes it the same one in another profile. */
interface Placed extends HotFunction {
  readonly moduleId: string
  /** Id of the module in the first of the two profiles, if it is there. */
  readonly moduleKey: string
}

/**
 * A function that only moved has the same source in the same module; V8 may have named it otherwise. Where its source is
 * not known, its place has to do.
 */
function diffFunctions(
  from: Compared,
  to: Compared,
  modules: readonly Pair<ModuleRecord>[],
): readonly UnitChange[] {
  const bySource = ({ moduleKey, name, sourceHash }: Placed): string | undefined =>
    sourceHash === null ? undefined : [moduleKey, name, sourceHash].join('\0')
  const byPlace = ({ moduleKey, name, line, column }: Placed): string =>
    [moduleKey, name, line, column].join('\0')
  const bySourceAndPlace = ({ moduleKey, sourceHash, line, column }: Placed): string | undefined =>
    sourceHash === null ? undefined : [moduleKey, sourceHash, line, column].join('\0')
  const byName = ({ moduleKey, name }: Placed): string | undefined =>
    name === '' ? undefined : [moduleKey, name].join('\0')
  const idsBefore = new Map(
    modules.flatMap(({ before, after }) =>
      before === undefined || after === undefined ? [] : [[after.id, before.id] as const],
    ),
  )
  const all = { before: samplesOf(from), after: samplesOf(to) }
  const pairs = pairUp(placed(from), placed(to, idsBefore), [
    bySource,
    bySourceAndPlace,
    byPlace,
    byName,
  ])
  return pairs.map(({ before, after }) => {
    if (before === undefined) return change(unitOf(after), 'added', tierText(after))
    if (after === undefined) return change(unitOf(before), 'removed', tierText(before))
    // Two that cannot be compared are in the same place, with the same name.
    const isKept =
      before.sourceHash === null || after.sourceHash === null
        ? byPlace(before) === byPlace(after)
        : before.sourceHash === after.sourceHash
    const heat = shareChange(
      { part: before.samples, all: all.before },
      { part: after.samples, all: all.after },
    )
    const isMoved = placeOf(before) !== placeOf(after)
    const aspects: readonly (readonly [UnitAspect, boolean])[] = [
      ['tier', before.tier !== null && after.tier !== null && before.tier !== after.tier],
      ['hotter', heat === 'larger'],
      ['colder', heat === 'smaller'],
      ['moved', isMoved],
    ]
    return change(
      unitOf(after),
      isKept ? 'kept' : 'changed',
      [
        step(tierText(before), tierText(after)),
        heat === undefined
          ? ''
          : `${step(formatShare(before.samples, all.before), formatShare(after.samples, all.after))} of samples`,
        isMoved ? `moved ${placeOf(before)} -> ${placeOf(after)}` : '',
      ],
      aspects,
    )
  })
}

function diffRoutes(
  from: readonly RouteRecord[],
  to: readonly RouteRecord[],
): readonly UnitChange[] {
  const name = ({ method, route }: RouteRecord): string => `${method} ${route}`
  const all = { before: requestsOf(from), after: requestsOf(to) }
  return pairUp(from, to, [name]).map(({ before, after }) => {
    if (before === undefined) return change(name(after), 'added', requestsText(after))
    if (after === undefined) return change(name(before), 'removed', requestsText(before))
    const weight = shareChange(
      { part: before.count, all: all.before },
      { part: after.count, all: all.after },
    )
    return change(
      name(before),
      'kept',
      [
        weight === undefined
          ? ''
          : `${step(formatShare(before.count, all.before), formatShare(after.count, all.after))} of requests`,
        step(requestsText(before), requestsText(after)),
        step(steadyText(before), steadyText(after)),
      ],
      [
        ['more', weight === 'larger'],
        ['less', weight === 'smaller'],
      ],
    )
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

/** @param idsBefore - of modules by their ids now, where these can be others */
function placed(
  { functions, modules }: Compared,
  idsBefore?: ReadonlyMap<string, string>,
): readonly Placed[] {
  return functions.map((entry) => {
    const moduleId = modules[entry.module]?.id ?? ''
    return { ...entry, moduleId, moduleKey: idsBefore?.get(moduleId) ?? moduleId }
  })
}

function samplesOf({ functions }: Compared): number {
  return functions.reduce((total, { samples }) => total + samples, 0)
}

function requestsOf(routes: readonly RouteRecord[]): number {
  return routes.reduce((total, { count }) => total + count, 0)
}

function change(
  unit: string,
  kind: UnitChange['change'],
  detail: string | readonly string[],
  aspects: readonly (readonly [aspect: UnitAspect, holds: boolean])[] = [],
): UnitChange {
  const parts = typeof detail === 'string' ? [detail] : detail
  return {
    unit,
    change: kind,
    aspects: aspects.flatMap(([aspect, holds]) => (holds ? [aspect] : [])),
    detail: parts.filter((part) => part !== '').join(', '),
  }
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
