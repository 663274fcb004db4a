import type { Profile } from './profile.ts'
import { selfTimes, stacklessNote } from './self-times.ts'

/** https://www.speedscope.app/file-format-schema.json, in the parts that are written. */
export interface SpeedscopeFile {
  readonly $schema: 'https://www.speedscope.app/file-format-schema.json'
  readonly name: string
  readonly exporter: string
  readonly activeProfileIndex: number
  readonly shared: { readonly frames: readonly SpeedscopeFrame[] }
  readonly profiles: readonly SpeedscopeProfile[]
}

export interface SpeedscopeFrame {
  readonly name: string
  readonly file: string
  /** Both from 1. */
  readonly line: number
  readonly col: number
}

export interface SpeedscopeProfile {
  readonly type: 'sampled'
  readonly name: string
  readonly unit: 'microseconds'
  readonly startValue: number
  readonly endValue: number
  /** Stacks, from the outermost frame on, as indices into the frames; here of one frame each. */
  readonly samples: readonly (readonly number[])[]
  readonly weights: readonly number[]
}

/** A file for speedscope.app: each function as one sample without callers. */
export function toSpeedscope(
  profile: Pick<Profile, 'functions' | 'modules' | 'meta'>,
): SpeedscopeFile {
  const { appId, recorder } = profile.meta
  const entries = selfTimes(profile)
  const weights = entries.map(({ selfMicros }) => selfMicros)
  return {
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    name: appId,
    exporter: recorder,
    activeProfileIndex: 0,
    shared: {
      frames: entries.map(({ name, file, line, column }) => ({
        name: name || '(anonymous)',
        file,
        line,
        col: column,
      })),
    },
    profiles: [
      {
        type: 'sampled',
        name: `${appId}. ${stacklessNote}`,
        unit: 'microseconds',
        startValue: 0,
        endValue: weights.reduce((sum, weight) => sum + weight, 0),
        samples: entries.map((_, index) => [index]),
        weights,
      },
    ],
  }
}
