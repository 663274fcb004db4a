import { effectName, type Effect } from '../formats/effects.ts'
import type { RehearsalContext, RehearsalScope } from '../runtime/rehearsal-context.ts'
import type { EffectRecorder } from './effects.ts'
import type { Observation } from './observation.ts'

/** What was seen while one request or call ran alone. */
export interface Run<End> {
  readonly end: End
  /** Something that it started threw, and nobody caught it. */
  readonly hasThrown: boolean
  readonly observation: Observation
  /** What nobody is known to have caused. */
  readonly unattributed: ReadonlyMap<string, Effect>
}

/** Runs it in a scope of its own, and sees what comes of it. */
export async function observe<End>(
  context: RehearsalContext,
  effects: EffectRecorder,
  work: (scope: RehearsalScope) => Promise<End>,
): Promise<Run<End>> {
  const observation = effects.observation()
  const unattributed = new Map<string, Effect>()
  effects.onUnattributed = (effect) => unattributed.set(effectName(effect), effect)
  const strayBefore = context.strayFailures
  const end = await work(context.scope(observation))
  // What it starts without waiting for it, such as a write behind a queue, follows in the next turns.
  for (let turn = 0; turn < 3; turn++) await nextTurn()
  const hasThrown = observation.failures > 0 || context.strayFailures > strayBefore
  return { end, hasThrown, observation, unattributed }
}

/** What it did in any of its runs, and what belongs to nobody and came up in each of them. */
export function effectsIn(runs: readonly Run<unknown>[]): Effect[] {
  const own = runs.flatMap(({ observation }) => observation.effects())
  return [
    ...new Map([...own, ...commonTo(runs)].map((effect) => [effectName(effect), effect])).values(),
  ]
}

function commonTo(runs: readonly Run<unknown>[]): Effect[] {
  const [first, ...others] = runs
  if (first === undefined) return []
  return [...first.unattributed]
    .filter(([name]) => others.every(({ unattributed }) => unattributed.has(name)))
    .map(([, effect]) => effect)
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
