import type { Resolution } from '../profile.ts'
import type { MergedModules } from './modules.ts'
import type { Recording } from './recording.ts'

/** What any recording has found; where two have found different things, the first one counts. */
export function mergeResolutions(
  recordings: readonly Recording[],
  placeOf: MergedModules['placeOf'],
): readonly Resolution[] {
  const merged = new Map<string, Resolution>()
  for (const of of recordings) {
    for (const { from, specifier, how, to } of of.profile.resolutions) {
      const [asking, found] = [placeOf(of, from), placeOf(of, to)]
      const key = `${String(asking)} ${how} ${specifier}`
      if (asking === undefined || found === undefined || merged.has(key)) continue
      merged.set(key, { from: asking, specifier, how, to: found })
    }
  }
  return [...merged.values()]
}
