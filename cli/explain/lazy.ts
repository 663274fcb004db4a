import type { LazyCandidates, LazyModule, LazyPackage } from '../../formats/start-report.ts'
import type { FileCalls } from './calls.ts'

/** A module that was loaded before the port opened. */
export interface LoadedModule {
  readonly file: string
  /** Empty: the application itself. */
  readonly package: string
  readonly isJson: boolean
  /** Nobody has asked for it, or nobody could have done without it. */
  readonly isFixed: boolean
  /** Its own, ms. */
  readonly costMs: number
  readonly sizeBytes: number | null
}

export interface LoadedGraph {
  readonly modules: readonly LoadedModule[]
  /** Indices: who asked for whom. */
  readonly edges: readonly (readonly [from: number, to: number])[]
}

/**
 * Modules no function of which was called, with what it costs to load them and what only they load. Of modules that one of them
 * loads alone nothing is said besides, so that their times may be added up.
 */
export function lazyCandidates(
  graph: LoadedGraph,
  calls: ReadonlyMap<string, FileCalls>,
): Pick<LazyCandidates, 'withoutFunctions' | 'modules' | 'packages'> {
  const { modules } = graph
  const needed = new Needed(graph, calls)
  const uncalled: number[] = []
  let withoutFunctions = 0
  for (const [index, { file, isFixed, isJson }] of modules.entries()) {
    const counted = calls.get(file)
    if (isJson || counted?.functions === 0) withoutFunctions++
    else if (!isFixed && counted?.called === 0) uncalled.push(index)
  }
  const alone = uncalled.map((index) => ({ index, gone: needed.without(new Set([index])) }))
  const outermost = alone.filter(
    ({ index }) => !alone.some((other) => other.index !== index && other.gone.has(index)),
  )
  return {
    withoutFunctions,
    modules: outermost
      .map(({ index, gone }): LazyModule => {
        const { file = '', costMs = 0 } = modules[index] ?? {}
        const functions = calls.get(file)?.functions ?? 0
        const ms = costOf(graph, gone)
        return { module: index, selfMs: costMs, ms, modules: gone.size, functions }
      })
      .sort((a, b) => b.ms - a.ms),
    packages: lazyPackages(graph, uncalled, needed, calls),
  }
}

function lazyPackages(
  graph: LoadedGraph,
  uncalled: readonly number[],
  needed: Needed,
  calls: ReadonlyMap<string, FileCalls>,
): readonly LazyPackage[] {
  const { modules } = graph
  const groups = new Map<string, number[]>()
  for (const index of uncalled) {
    const name = modules[index]?.package ?? ''
    groups.set(name, [...(groups.get(name) ?? []), index])
  }
  const called = new Map<string, number>()
  for (const { package: name, file } of modules) {
    if ((calls.get(file)?.called ?? 0) > 0) called.set(name, (called.get(name) ?? 0) + 1)
  }
  const found = [...groups].map(([name, indices]) => {
    const gone = needed.without(new Set(indices))
    let sizeBytes = 0
    for (const index of gone) sizeBytes += modules[index]?.sizeBytes ?? 0
    const entry: LazyPackage = {
      package: name,
      ms: costOf(graph, gone),
      modules: gone.size,
      uncalled: indices.length,
      called: called.get(name) ?? 0,
      sizeBytes,
    }
    return { entry, indices, gone }
  })
  found.sort((a, b) => b.entry.ms - a.entry.ms)
  const kept: typeof found = []
  for (const each of found) {
    const isPart = kept.some(({ gone }) => each.indices.every((index) => gone.has(index)))
    if (!isPart) kept.push(each)
  }
  return kept.map(({ entry }) => entry)
}

export function costOf({ modules }: LoadedGraph, indices: ReadonlySet<number>): number {
  let ms = 0
  for (const index of indices) ms += modules[index]?.costMs ?? 0
  return ms
}

/** Which modules are still needed when others are not loaded. */
export class Needed {
  readonly #loads: readonly number[][]
  /** Those that nobody has asked for, as far as is known, and those that were called: they are needed, whoever loads them. */
  readonly #roots: readonly number[]
  readonly #always: ReadonlySet<number>

  constructor({ modules, edges }: LoadedGraph, calls: ReadonlyMap<string, FileCalls>) {
    const loads = modules.map((): number[] => [])
    const asked = new Set<number>()
    for (const [from, to] of edges) {
      loads[from]?.push(to)
      asked.add(to)
    }
    this.#loads = loads
    this.#roots = [...modules.entries()].flatMap(([index, { file, isJson }]) => {
      // What V8 has not counted may have been called all the same.
      const isCalled = !isJson && calls.get(file)?.called !== 0
      return isCalled || !asked.has(index) ? [index] : []
    })
    this.#always = this.#reached(() => true)
  }

  /** `removed`, and what only these load. */
  without(removed: ReadonlySet<number>): ReadonlySet<number> {
    const kept = this.#reached((_from, to) => !removed.has(to))
    return new Set([...removed, ...[...this.#always].filter((index) => !kept.has(index))])
  }

  /** What is not loaded when one module does not load some of those that it does. */
  withoutLoads(loading: number, parts: ReadonlySet<number>): ReadonlySet<number> {
    const kept = this.#reached((from, to) => from !== loading || !parts.has(to))
    return new Set([...this.#always].filter((index) => !kept.has(index)))
  }

  #reached(mayLoad: (from: number | null, to: number) => boolean): ReadonlySet<number> {
    const seen = new Set<number>()
    const stack: number[] = []
    const visit = (from: number | null, to: number): void => {
      if (seen.has(to) || !mayLoad(from, to)) return
      seen.add(to)
      stack.push(to)
    }
    for (const root of this.#roots) visit(null, root)
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      for (const to of this.#loads[next] ?? []) visit(next, to)
    }
    return seen
  }
}
