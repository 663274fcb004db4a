import type { Meta } from '../../formats/profile.ts'
import type { Reason } from '../../formats/reasons.ts'
import type { NodeFacts } from './node-facts.ts'

/** Something in which the recorded process was another one. */
export interface Mismatch {
  readonly reason: Reason
  readonly detail: string
  /**
   * What it costs. possibly caches: the tag is another one with the same V8, so by the processor or V8 flags, and where
   * the profile is checked need not be where it is used.
   */
  readonly costs: 'everything' | 'caches' | 'possibly caches'
}

/** @param appId - of the application on disk */
export function mismatchesOf(meta: Meta, appId: string, here: NodeFacts): readonly Mismatch[] {
  const found: Mismatch[] = []
  if (meta.appId !== appId) {
    const detail = `recorded from ${meta.appId}, this is ${appId}`
    found.push({ reason: 'APP_MISMATCH', detail, costs: 'everything' })
  }
  if (majorOf(meta.node) !== majorOf(here.node)) {
    const detail = `recorded on ${meta.node}, this is ${here.node}`
    found.push({ reason: 'NODE_MISMATCH', detail, costs: 'everything' })
  }
  if (meta.arch !== here.arch || meta.platform !== here.platform) {
    const detail = `recorded on ${meta.platform} ${meta.arch}, this is ${here.platform} ${here.arch}`
    found.push({ reason: 'ARCH_MISMATCH', detail, costs: 'everything' })
  }
  if (found.length > 0 || meta.codeCacheTag === here.codeCacheTag) return found
  const isOtherV8 = meta.v8 !== here.v8
  const detail = isOtherV8
    ? `code caches were made by V8 ${meta.v8} of Node ${meta.node}, this is V8 ${here.v8} of Node ${here.node}`
    : 'code caches were made with other V8 flags or on another processor than here'
  return [{ reason: 'TAG_MISMATCH', detail, costs: isOtherV8 ? 'caches' : 'possibly caches' }]
}

function majorOf(version: string): string {
  return version.split('.', 1)[0] ?? version
}
