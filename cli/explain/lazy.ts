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
  const reach = new Reachable(graph)
  const uncalled: number[] = []
  let withoutFunctions = 0
  for (const [index, { file, isFixed, isJson }] of modules.entries()) {
    const counted = calls.get(file)
    if (isJson || counted?.functions === 0) withoutFunctions++
    // What V8 has not counted may have been called all the same.
    else if (!isFixed && counted?.called === 0) uncalled.push(index)
  }
  const alone = uncalled.map((index) => ({ index, gone: reach.without(new Set([index])) }))
  const outermost = alone.filter(
    ({ index }) => !alone.some((other) => other.index !== index && other.gone.has(index)),
  )
  return {
    withoutFunctions,
    modules: outermost
      .map(({ index, gone }): LazyModule => {
        const { file, costMs } = modules[index] as LoadedModule
        const functions = calls.get(file)?.functions ?? 0
        const ms = costOf(graph, gone)
        return { module: index, selfMs: costMs, ms, modules: gone.size, functions }
      })
      .sort((a, b) => b.ms - a.ms),
    packages: lazyPackages(graph, uncalled, reach, calls),
  }
}

function lazyPackages(
  graph: LoadedGraph,
  uncalled: readonly number[],
  reach: Reachable,
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
    const gone = reach.without(new Set(indices))
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

function costOf({ modules }: LoadedGraph, indices: ReadonlySet<number>): number {
  let ms = 0
  for (const index of indices) ms += modules[index]?.costMs ?? 0
  return ms
}

/** Which modules are still asked for when others are not loaded. */
class Reachable {
  readonly #count: number
  readonly #loads: number[][]
  /** Those that nobody has asked for, as far as is known. */
  readonly #roots: readonly number[]

  constructor({ modules, edges }: LoadedGraph) {
    this.#count = modules.length
    this.#loads = modules.map(() => [])
    const asked = new Set<number>()
    for (const [from, to] of edges) {
      this.#loads[from]?.push(to)
      asked.add(to)
    }
    this.#roots = [...modules.keys()].filter((index) => !asked.has(index))
  }

  /** `removed`, and what only these load. */
  without(removed: ReadonlySet<number>): ReadonlySet<number> {
    const seen = new Uint8Array(this.#count)
    const stack: number[] = []
    const visit = (index: number): void => {
      if (seen[index] === 1 || removed.has(index)) return
      seen[index] = 1
      stack.push(index)
    }
    this.#roots.forEach(visit)
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      this.#loads[next]?.forEach(visit)
    }
    const gone = new Set<number>(removed)
    for (const [index, isSeen] of seen.entries()) {
      // What is in a cycle that nobody asks for from outside was loaded otherwise.
      if (isSeen === 0 && this.#isReached(index)) gone.add(index)
    }
    return gone
  }

  #all: Uint8Array | undefined

  #isReached(index: number): boolean {
    if (this.#all === undefined) {
      this.#all = new Uint8Array(this.#count)
      const stack = [...this.#roots]
      for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
        if (this.#all[next] === 1) continue
        this.#all[next] = 1
        stack.push(...(this.#loads[next] ?? []))
      }
    }
    return this.#all[index] === 1
  }
}
