import type { Meta } from '../profile.ts'
import { newestOf, type Recording } from './recording.ts'
import { addCounts } from './sums.ts'

/** Of names that were redacted; the format takes no more. */
const maxNames = 1000

interface Described {
  readonly of: Recording
  readonly entry: Meta
}
type AtLeastOne = readonly [Described, ...Described[]]

/**
 * Process and flags are those of the newest recording with code caches, which hold only for these; the time of
 * recording is that of all together.
 */
export function mergeMeta(recordings: readonly [Recording, ...Recording[]]): Meta {
  const [first, ...others] = recordings.map((of) => ({ of, entry: of.profile.meta }))
  const all = [first, ...others] as AtLeastOne
  const newest = newestOf([...all])
  const framing = newestAmong(all, ({ of }) => of.profile.codecache.length > 0)
  const profiled = newestAmong(all, ({ entry }) => entry.profiler !== 'none').entry
  const listening = newestAmong(all, ({ entry }) => entry.listenMs !== null).entry
  const namesOf = (list: 'redactedHeaders' | 'redactedKeys'): readonly string[] =>
    [...new Set(all.flatMap(({ entry }) => entry[list]))].slice(0, maxNames)
  return {
    ...framing.entry,
    createdAt: newest.entry.createdAt,
    durationMs: Math.min(
      all.reduce((total, { entry }) => total + entry.durationMs, 0),
      Number.MAX_VALUE,
    ),
    listenMs: listening.listenMs,
    requestCount: addCounts(all, ({ requestCount }) => requestCount),
    profiler: profiled.profiler,
    samplingMicros: profiled.samplingMicros,
    redactedHeaders: namesOf('redactedHeaders'),
    redactedKeys: namesOf('redactedKeys'),
    generation: 1 + Math.max(...all.map(({ entry }) => entry.generation ?? 0)),
    parents: recordings.map(({ digest }) => digest),
  }
}

/** The newest of those for which it holds, or of all where it holds for none. */
function newestAmong(all: AtLeastOne, holds: (each: Described) => boolean): Described {
  const [first, ...others] = all.filter(holds)
  return newestOf(first === undefined ? [...all] : [first, ...others])
}
