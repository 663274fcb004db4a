import { PrewarmError } from '../errors.ts'
import type { Meta } from '../profile.ts'
import type { Recording } from './recording.ts'

const traits: readonly (readonly [name: string, of: (meta: Meta) => string])[] = [
  ['application', ({ appId }) => appId],
  ['Node line', ({ node }) => node.split('.', 1)[0] ?? node],
  ['processor type', ({ platform, arch }) => `${platform} ${arch}`],
]

/** Throws `ERR_PREWARM_FMT_MERGE` for recordings that no process could make use of together. */
export function checkCompatible(recordings: readonly Recording[]): void {
  const [first, ...others] = recordings
  if (first === undefined) return
  for (const [name, of] of traits) {
    const expected = of(first.profile.meta)
    const other = others.find(({ profile }) => of(profile.meta) !== expected)
    if (other === undefined) continue
    throw new PrewarmError(
      'ERR_PREWARM_FMT_MERGE',
      `Another ${name}: ${expected} in ${first.name}, ${of(other.profile.meta)} in ${other.name}`,
      {
        hint: 'Merge recordings of one application, Node line and processor type; keep a profile of each.',
      },
    )
  }
}
