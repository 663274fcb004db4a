import type { StartArm, StartModule } from '../../formats/start-report.ts'

/** What the modules of a package took together, ms. */
export interface StartPackage {
  /** `package@version`; empty: the application itself. */
  readonly name: string
  readonly modules: number
  readonly resolveMs: number
  readonly readMs: number
  readonly compileMs: number
  readonly evaluateMs: number
  readonly runMs: number
  /** Loading them: all but `runMs`. */
  readonly loadMs: number
  readonly sizeBytes: number
}

type LoadTimes = Pick<StartModule, 'resolveMs' | 'readMs' | 'compileMs' | 'evaluateMs'>

/** What loading a module takes, without those that it loads, ms. */
export function loadMsOf({ resolveMs, readMs, compileMs, evaluateMs }: LoadTimes): number {
  return resolveMs + readMs + compileMs + evaluateMs
}

/** The one that takes longest to load first. */
export function startPackages(modules: readonly StartModule[]): readonly StartPackage[] {
  const packages = new Map<string, { -readonly [K in keyof StartPackage]: StartPackage[K] }>()
  for (const module of modules) {
    const { package: name, sizeBytes } = module
    const entry = packages.get(name) ?? { ...none, name }
    entry.modules++
    entry.resolveMs += module.resolveMs
    entry.readMs += module.readMs
    entry.compileMs += module.compileMs
    entry.evaluateMs += module.evaluateMs
    entry.runMs += module.runMs
    entry.loadMs += loadMsOf(module)
    entry.sizeBytes += sizeBytes ?? 0
    packages.set(name, entry)
  }
  return [...packages.values()].sort((a, b) => b.loadMs - a.loadMs)
}

/** What the trace adds to a start, as a share of it; of the fastest starts, which were disturbed least. */
export function traceOverhead({
  tracedMs,
  untracedRunsMs,
}: Pick<StartArm, 'tracedMs' | 'untracedRunsMs'>): number {
  return tracedMs / Math.min(...untracedRunsMs) - 1
}

const none = {
  modules: 0,
  resolveMs: 0,
  readMs: 0,
  compileMs: 0,
  evaluateMs: 0,
  runMs: 0,
  loadMs: 0,
  sizeBytes: 0,
}
