import type { HotFunction, Profile } from './profile.ts'

/** A function that CPU samples were in, with the module that it is of. */
export interface SelfTime extends HotFunction {
  readonly file: string
  /** Whole; a file may claim what no clock can count. */
  readonly selfMicros: number
}

/**
 * What a profile gives to viewers of CPU profiles: time in the functions themselves, the longest first. It has no stacks: who
 * called whom is not recorded.
 */
export function selfTimes({
  functions,
  modules,
}: Pick<Profile, 'functions' | 'modules'>): readonly SelfTime[] {
  const file = (index: number): string => modules[index]?.path ?? ''
  return functions
    .filter(({ selfMs }) => selfMs > 0)
    .sort((a, b) => b.selfMs - a.selfMs)
    .map((entry) => ({
      ...entry,
      file: file(entry.module),
      selfMicros: Math.round(Math.min(entry.selfMs * 1000, maxMicros)),
    }))
}

/** A day: sums of any number of them, in nanoseconds too, fit what the formats hold. */
const maxMicros = 86_400e6

export const stacklessNote = 'Self times only: prewarm records no stacks.'
