import type { ModuleRecord } from '../../../../formats/profile.ts'

/** What modules are measured by: ms, or bytes. */
export type ModuleMeasure = 'self' | 'cache'

export interface ModuleGroup {
  /** `fastify@5.0.0`, `(application)`, `(Node.js)`. */
  readonly name: string
  readonly selfMs: number
  readonly cacheBytes: number
  /** The largest first, by the measure. */
  readonly modules: readonly ModuleRecord[]
}

export function packageOf({ id, path, format }: ModuleRecord): string {
  if (format === 'builtin') return '(Node.js)'
  if (!path.includes('node_modules/')) return '(application)'
  return id
    .split('/')
    .slice(0, id.startsWith('@') ? 2 : 1)
    .join('/')
}

/** What a module is called within its package. */
export function nameInPackage(module: ModuleRecord): string {
  const { id } = module
  const prefix = `${packageOf(module)}/`
  return id.startsWith(prefix) ? id.slice(prefix.length) : id
}

/** 0 where it was not measured: ES modules have no times, and not all have a code cache. */
export function measureOf({ selfMs, cacheBytes }: ModuleRecord, by: ModuleMeasure): number {
  return by === 'self' ? (selfMs ?? 0) : cacheBytes
}

/** Modules by package, the largest first. */
export function groupByPackage(
  modules: readonly ModuleRecord[],
  by: ModuleMeasure,
): readonly ModuleGroup[] {
  const groups = new Map<string, ModuleRecord[]>()
  for (const module of modules) {
    const name = packageOf(module)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [module])
    else group.push(module)
  }
  return [...groups]
    .map(([name, group]) => ({
      name,
      selfMs: total(group, 'self'),
      cacheBytes: total(group, 'cache'),
      modules: group.sort((a, b) => measureOf(b, by) - measureOf(a, by)),
    }))
    .sort((a, b) => total(b.modules, by) - total(a.modules, by))
}

function total(modules: readonly ModuleRecord[], by: ModuleMeasure): number {
  return modules.reduce((sum, module) => sum + measureOf(module, by), 0)
}
