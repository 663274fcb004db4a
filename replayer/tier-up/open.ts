import type net from 'node:net'
import path from 'node:path'
import { loader } from '../../runtime/commonjs.ts'
import { instrumentation } from '../../runtime/features.ts'
import { openNatives } from '../../runtime/natives.ts'
import type { Config } from '../config.ts'
import type { Plan } from '../preflight.ts'
import type { RunRecord } from '../run-report.ts'
import { leversOf } from './levers.ts'
import { steersTiering, Thresholds } from './thresholds.ts'
import { TierUp } from './tier-up.ts'
import { Wanted } from './wanted.ts'

export function openTierUp(plan: Plan, config: Config, record: RunRecord): TierUp | undefined {
  if (config.tierUp === 'off' || config.budgetMs === 0) return undefined
  const wanted = new Wanted(plan.functions, plan.modules)
  const natives = instrumentation() === undefined && !steersTiering() ? openNatives() : undefined
  if (natives === undefined) {
    for (const { name } of wanted.functions) record.tierUp.skip(name, 'TIER_UP_UNAVAILABLE')
    return undefined
  }
  return new TierUp(leversOf(config.tierUp), natives, Thresholds.open(plan.tag), wanted)
}

/** What the closures that were hot are reached from: what listens to requests, and what hot modules export. */
export function rootsOf(plan: Plan, servers: readonly net.Server[]): readonly unknown[] {
  const hot = new Set(plan.functions.map(({ module }) => plan.modules[module]))
  const exported = [...hot].flatMap((module) => {
    if (module?.format !== 'cjs') return []
    const exports: unknown = loader._cache[path.join(plan.app.root, module.path)]?.exports
    return [exports]
  })
  const listeners = servers.flatMap((server) =>
    ['request', 'stream', 'checkContinue'].flatMap((event) => server.listeners(event)),
  )
  return [...listeners, ...exported]
}
