import {
  standingOf,
  type CrashLoop,
  type GuardEvent,
  type GuardReason,
  type StartKind,
} from '../../formats/guard-state.ts'
import type { GuardFiles } from '../../runtime/guard-files.ts'
import type { Fate } from '../../runtime/process-identity.ts'

/** What `prewarm guard status` tells of one profile. */
export interface GuardView {
  /** The profile. */
  readonly file: string
  readonly appId: string
  readonly digest: string
  /** Where verdicts are kept, whether there are any or not. */
  readonly log: string
  readonly inForce: readonly VerdictInForce[]
  readonly crashLoop: CrashLoop
  /** Processes that have started and neither served for a while nor ended. */
  readonly starting: readonly { pid: number; host: string; start: StartKind; fate: Fate }[]
  /** Of this profile, in their order. */
  readonly events: readonly GuardEvent[]
  /** Why the state could not be read. */
  readonly trouble: string | undefined
}

export interface VerdictInForce {
  readonly reason: GuardReason
  readonly detail: string
  readonly at: string
  /** Which process has found it out. */
  readonly pid: number
  readonly host: string
  readonly node: string
  /** SHA-256 of the source of a function that is quarantined. */
  readonly sourceHash?: string
}

export function readGuardView(
  profile: { readonly file: string; readonly appId: string; readonly digest: string },
  files: GuardFiles,
): GuardView {
  const markers = files.markers()
  // The next start will find them so.
  const dead = markers
    .filter(({ fate }) => fate === 'gone')
    .map(({ marker }) => files.event({ event: 'died', start: marker.start }, marker))
  const events = [...files.read(), ...dead].filter((event) => event.profile === profile.digest)
  const { harmful, tierUpOff, quarantined, crashLoop } = standingOf(events, profile.digest)
  const verdicts = [harmful, tierUpOff, ...quarantined.values()].flatMap((verdict) => {
    if (verdict === undefined) return []
    const { reason, detail, at, pid, host, node, function: fallen } = verdict
    const sourceHash = fallen === undefined ? {} : { sourceHash: fallen.sourceHash }
    return [{ reason, detail, at, pid, host, node, ...sourceHash }]
  })
  return {
    ...profile,
    log: files.log,
    inForce: [...crashLoopInForce(crashLoop, events), ...verdicts],
    crashLoop,
    starting: markers
      .filter(({ fate }) => fate !== 'gone')
      .map(({ marker: { pid, host, start }, fate }) => ({ pid, host, start, fate })),
    events,
    trouble: files.trouble,
  }
}

function crashLoopInForce(crashLoop: CrashLoop, events: readonly GuardEvent[]): VerdictInForce[] {
  const { phase } = crashLoop
  if (phase !== 'trial' && phase !== 'proven') return []
  const last = events.findLast(
    (event) =>
      event.event === 'died' || (event.event === 'verdict' && event.reason === 'CRASH_LOOP'),
  )
  if (last === undefined) return []
  const { at, pid, host, node } = last
  return [{ reason: 'CRASH_LOOP', detail: sentenceOf(crashLoop), at, pid, host, node }]
}

/** What becomes of the next start as far as deaths are concerned. */
export function sentenceOf({ phase, deaths }: CrashLoop): string {
  switch (phase) {
    case 'none':
      return deaths === 0
        ? 'No start has died since the last one that served.'
        : `${deaths} start with the profile died before it served; after another one the next is cold.`
    case 'trial':
      return `${deaths} starts with the profile died before they served: the next start is without it.`
    case 'suspect':
      return 'Starts with the profile died and one without it served: the next start has it once more.'
    case 'proven':
      return 'Starts with the profile die and those without it serve: it is not used any more.'
  }
}
