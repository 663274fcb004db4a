import type { Profile } from './profile.ts'
import { selfTimes, stacklessNote } from './self-times.ts'

/** `Profiler.Profile` of the Chrome DevTools protocol, in the parts that viewers read. */
export interface CpuProfile {
  readonly nodes: readonly CpuProfileNode[]
  /** Microseconds. */
  readonly startTime: number
  readonly endTime: number
  /** Ids of nodes. */
  readonly samples: readonly number[]
  /** Microseconds since the sample before; the first: since `startTime`. */
  readonly timeDeltas: readonly number[]
  /** Left alone by viewers. */
  readonly comment: string
}

export interface CpuProfileNode {
  readonly id: number
  readonly callFrame: {
    readonly functionName: string
    readonly scriptId: string
    readonly url: string
    /** Both from 0; -1: none. */
    readonly lineNumber: number
    readonly columnNumber: number
  }
  readonly hitCount: number
  readonly children?: readonly number[]
}

/**
 * A `.cpuprofile` for Chrome's DevTools and what reads their files: a flat tree below `(root)`.
 *
 * DevTools take a sample to last until the next one, and a node's share of `hitCount` for its share of the time. Each function so
 * has one sample, and a hit for each microsecond.
 */
export function toCpuProfile(profile: Pick<Profile, 'functions' | 'modules'>): CpuProfile {
  const entries = selfTimes(profile)
  const nodes = entries.map((entry, index): CpuProfileNode => ({
    id: index + 2,
    callFrame: {
      functionName: entry.name,
      scriptId: String(entry.module + 1),
      url: entry.file,
      lineNumber: entry.line - 1,
      columnNumber: entry.column - 1,
    },
    hitCount: entry.selfMicros,
  }))
  const root: CpuProfileNode = {
    id: 1,
    callFrame: {
      functionName: '(root)',
      scriptId: '0',
      url: '',
      lineNumber: -1,
      columnNumber: -1,
    },
    hitCount: 0,
    children: nodes.map(({ id }) => id),
  }
  return {
    nodes: [root, ...nodes],
    startTime: 0,
    endTime: entries.reduce((sum, { selfMicros }) => sum + selfMicros, 0),
    // The last one only ends the one before.
    samples: [...nodes.map(({ id }) => id), root.id],
    timeDeltas: [0, ...entries.map(({ selfMicros }) => selfMicros)],
    comment: stacklessNote,
  }
}
