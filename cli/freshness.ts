import { hasSource, type ModuleFreshness } from '../dashboard/server/module-freshness.ts'
import type { ModuleRecord } from '../formats/profile.ts'

/** How the modules of a profile compare with the files of an application. */
export interface Freshness {
  /** Folder that the paths were resolved against. */
  readonly root: string
  /** Modules whose file is the recorded one. */
  readonly fresh: number
  /** Paths of modules whose file has another content. */
  readonly changed: readonly string[]
  /** Paths of modules without a file. */
  readonly missing: readonly string[]
  /** Paths of modules that V8 gets as another text than that of the file: TypeScript and JSX. */
  readonly notCompared: readonly string[]
}

/** @param states - of each module, as `compareWithDisk` gives them */
export function freshnessOf(
  modules: readonly ModuleRecord[],
  states: readonly ModuleFreshness[],
  root: string,
): Freshness {
  const pathsOf = (wanted: ModuleFreshness): string[] =>
    modules.flatMap((module, index) =>
      hasSource(module) && states[index] === wanted ? [module.path] : [],
    )
  return {
    root,
    fresh: pathsOf('same').length,
    changed: pathsOf('changed'),
    missing: pathsOf('missing'),
    notCompared: pathsOf('not compared'),
  }
}
