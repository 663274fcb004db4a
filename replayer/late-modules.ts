import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ModuleRecord } from '../formats/profile.ts'
import { loader } from '../runtime/commonjs.ts'
import type { Budget } from './budget.ts'
import type { RehearsalContext } from '../runtime/rehearsal-context.ts'
import { host } from './host.ts'
import type { Plan } from './plan.ts'
import type { Units } from './units.ts'

/**
 * Stage 2: initialises the modules that staging initialised only once it was listening, in the order recorded there, each
 * on behalf of the module that asked for it. What the application has loaded by itself meanwhile is left alone.
 */
export async function loadLateModules(
  plan: Plan,
  budget: Budget,
  context: RehearsalContext,
  units: Units,
): Promise<void> {
  const scope = context.scope()
  for (const module of plan.modules) {
    if (module.phase !== 'late') continue
    if (plan.isOtherEnv) {
      units.skip(module.id, 'ENV_MISMATCH')
      continue
    }
    try {
      const isLoaded = budget.isOver()
        ? undefined
        : await budget.wait(scope.run(() => load(plan, module)))
      if (isLoaded === true) units.apply()
      else if (isLoaded === false) units.skip(module.id, 'NOT_LOADED')
      else {
        // An ES module may wait at its top level for as long as it likes.
        scope.isAbandoned = true
        units.skip(module.id, 'BUDGET_SPENT')
      }
    } catch {
      units.skip(module.id, 'LOAD_FAILED')
    }
  }
}

/** False: nothing in this process asks for the module, since the one that did is not loaded. */
async function load(plan: Plan, module: ModuleRecord): Promise<boolean> {
  if (module.format === 'builtin') {
    process.getBuiltinModule(module.path)
    return true
  }
  const file = path.join(plan.app.root, module.path)
  const requester = module.requester === null ? undefined : plan.modules[module.requester]
  // What an ES module imports and what is required are kept in two places.
  if (module.format === 'json' && requester?.format === 'esm') {
    await host.importModule(pathToFileURL(file).href, { with: { type: 'json' } })
    return true
  }
  if (module.format === 'esm' || module.format === 'wasm') {
    await host.importModule(pathToFileURL(file).href)
    return true
  }
  if (loader._cache[file] !== undefined) return true
  const parent =
    requester === undefined ? undefined : loader._cache[path.join(plan.app.root, requester.path)]
  if (requester?.format === 'cjs' && parent === undefined) return false
  loader._load(file, parent, false)
  return true
}
