import type { HotFunction, ModuleRecord, Tier } from '../../../../formats/profile.ts'

/** unknown: it could not be read. */
export type TierName = Tier | 'unknown'

/** From the interpreter to the best optimiser. */
const tierNames: readonly TierName[] = ['turbofan', 'maglev', 'sparkplug', 'ignition', 'unknown']

export interface FunctionRow {
  /** Index into the functions of the profile. */
  readonly index: number
  readonly name: string
  readonly tier: TierName
  readonly selfMs: number
  readonly samples: number
  /** `lib/cart.js:12:34`, from the application root; by a source map `src/cart.ts:12`. */
  readonly place: string
}

export interface TierShare {
  readonly tier: TierName
  readonly count: number
  readonly selfMs: number
}

export function functionRows(
  functions: readonly HotFunction[],
  modules: readonly ModuleRecord[],
  originals: readonly (string | null)[] = [],
): readonly FunctionRow[] {
  return functions.map(({ module, name, line, column, tier, selfMs, samples }, index) => ({
    index,
    name: name === '' ? '(anonymous)' : name,
    tier: tier ?? 'unknown',
    selfMs,
    samples,
    place: originals[index] ?? `${modules[module]?.path ?? '(unknown module)'}:${line}:${column}`,
  }))
}

/** How many functions, and how much of their time, each tier has; tiers without any are left out. */
export function tierShares(rows: readonly FunctionRow[]): readonly TierShare[] {
  return tierNames
    .map((tier) => {
      const own = rows.filter((row) => row.tier === tier)
      return { tier, count: own.length, selfMs: own.reduce((sum, { selfMs }) => sum + selfMs, 0) }
    })
    .filter(({ count }) => count > 0)
}

const functionSorts = ['self', 'samples', 'tier', 'name', 'place'] as const
export type FunctionSort = (typeof functionSorts)[number]

export function isFunctionSort(value: string | undefined): value is FunctionSort {
  return functionSorts.some((sort) => sort === value)
}

/**
 * Those that match, sorted: numbers and tiers from the top, texts from A.
 *
 * @param tier - empty: all
 */
export function selectFunctions(
  rows: readonly FunctionRow[],
  {
    text,
    tier,
    sort,
  }: { readonly text: string; readonly tier: string; readonly sort: FunctionSort },
): readonly FunctionRow[] {
  const wanted = text.trim().toLowerCase()
  return rows
    .filter(
      (row) =>
        (tier === '' || row.tier === tier) &&
        (row.name.toLowerCase().includes(wanted) || row.place.toLowerCase().includes(wanted)),
    )
    .sort(comparisons[sort])
}

const bySelf = (a: FunctionRow, b: FunctionRow): number => b.selfMs - a.selfMs || a.index - b.index

const comparisons: Readonly<Record<FunctionSort, (a: FunctionRow, b: FunctionRow) => number>> = {
  self: bySelf,
  samples: (a, b) => b.samples - a.samples || bySelf(a, b),
  tier: (a, b) => tierNames.indexOf(a.tier) - tierNames.indexOf(b.tier) || bySelf(a, b),
  name: (a, b) => compareText(a.name, b.name) || bySelf(a, b),
  place: (a, b) => compareText(a.place, b.place) || bySelf(a, b),
}

/** Faster than a collator by far, for tens of thousands of rows on every key. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
