import type { Tier } from '../formats/profile.ts'
import { higherTier } from '../formats/tiers.ts'
import { ClosureWalk } from '../runtime/closures/closure-walk.ts'
import type { FunctionLocation, Natives } from '../runtime/natives.ts'

const longestMs = 2_000

/**
 * Tiers as traffic has left them, by place. To be read before garbage is collected, as it is when all live functions are
 * listed: V8 then throws away what it has optimised for objects of which none is left, which in a service are most.
 */
export function readTiers(
  natives: Natives,
  roots: readonly unknown[],
  isOfApp: (location: FunctionLocation) => boolean,
): ReadonlyMap<string, Tier> {
  const tiers = new Map<string, Tier>()
  const endsAt = performance.now() + longestMs
  const walk = new ClosureWalk(natives, roots, {
    visit(fn, location) {
      if (!isOfApp(location)) return false
      const place = placeOf(location)
      const tier = natives.tierOf(fn) ?? 'ignition'
      tiers.set(place, higherTier(tier, tiers.get(place) ?? tier))
      return true
    },
  })
  try {
    walk.run(() => performance.now() > endsAt)
  } catch {
    // Those that were read so far are better than no profile.
  } finally {
    walk.close()
  }
  return tiers
}

export function placeOf({ scriptId, position }: FunctionLocation): string {
  return `${scriptId}:${position}`
}
