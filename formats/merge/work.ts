import { uniteEffects } from '../effects.ts'
import { mostKept } from '../most-kept.ts'
import type { WorkRecord, WorkSample } from '../profile.ts'
import { combine } from './distribution.ts'
import { mostTelling } from './exemplars.ts'
import { newestOf, type Recording } from './recording.ts'
import { addCounts } from './sums.ts'
import { unite, type Group } from './unite.ts'

export interface MergedWork {
  readonly work: readonly WorkRecord[]
  /** Distinct calls for which there was no room. */
  readonly leftOut: number
}

/** Work is told by its name; calls add up, distinct ones are kept by turns, as many as a recorder would keep. */
export function mergeWork(recordings: readonly Recording[]): MergedWork {
  let leftOut = 0
  let charactersLeft: number = mostKept.argumentCharacters
  const groups = unite(
    recordings.map((of) => ({ of, entries: of.profile.work })),
    ({ name }) => name,
  )
    .map((group) => ({ group, count: addCounts(group, ({ count }) => count) }))
    .sort((a, b) => b.count - a.count)
  const work = groups.map(({ group, count }): WorkRecord => {
    const samples = samplesOf(group)
    const kept = samples.slice(0, mostKept.samplesPerWork).filter((sample) => {
      const hasRoom = sample.arguments.length <= charactersLeft
      if (hasRoom) charactersLeft -= sample.arguments.length
      return hasRoom
    })
    leftOut += samples.length - kept.length
    const obstacles = group.map(({ entry }) => entry.obstacle)
    return {
      name: group[0].entry.name,
      count,
      cold: combine(group, ({ cold }) => cold),
      steady: combine(group, ({ steady }) => steady),
      samples: kept,
      unreplayable: addCounts(group, ({ unreplayable }) => unreplayable),
      obstacle: obstacles.find((obstacle) => obstacle !== '') ?? '',
    }
  })
  return { work, leftOut }
}

function samplesOf(work: Group<WorkRecord>): readonly WorkSample[] {
  const sources = work.map(({ of, entry }) => ({ of, entries: entry.samples }))
  return unite(sources, (sample) => sample.arguments)
    .sort(([a], [b]) => a.index - b.index)
    .map((group) => {
      const [first, ...others] = group.filter(({ entry }) => entry.tried !== 'untried')
      const { entry } = newestOf(first === undefined ? group : [first, ...others])
      const effects = group.flatMap((member) => member.entry.effects)
      return { ...entry, effects: mostTelling(uniteEffects(effects)) }
    })
}
