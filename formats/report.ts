import type { Reason } from './reasons.ts'

/**
 * What one start of a process did with its profile: written as JSON once the port is open, and where nothing listens once
 * the first `rehearse()` has ended; anew after each later one.
 */
export interface RunReport {
  readonly schemaVersion: 1
  readonly prewarm: string
  readonly pid: number
  readonly node: string
  readonly startedAt: string
  readonly mode: 'auto' | 'strict' | 'off'
  readonly profile: string | null
  readonly appId: string | null
  /** applied: at least preflight passed. cold: nothing was done, see `reason`. */
  readonly outcome: 'applied' | 'cold'
  readonly reason: Reason | null
  /** One sentence for people. */
  readonly detail: string
  readonly budgetMs: number
  /** In the order in which they ran. */
  readonly stages: readonly StageReport[]
  /** Modules that were found and read by the load pack; absent: there is none. */
  readonly load?: UnitCounts
  readonly codeCache: UnitCounts
  readonly preload: UnitCounts
  readonly rehearsal: UnitCounts & {
    readonly rounds: number
    readonly requests: number
    /** Why it ended. */
    readonly stopped: 'cap' | Reason | null
  }
  /** Functions that staging had optimised: applied when they are at the opening. */
  readonly tierUp: UnitCounts
  /** Recorded calls of work that is not HTTP, of all names. */
  readonly work: WorkCounts
  /** The first units that were not applied, at most 100. */
  readonly skipped: readonly SkippedUnit[]
  /** `v8.cachedDataVersionTag()` is what it was at the start: no V8 flag was left changed. */
  readonly flagsRestored: boolean
  /** From process start until the gated ports were open, or the first `rehearse()` had ended, ms. */
  readonly openMs: number | null
  /** null: there was no profile that fits, and so nothing to guard. */
  readonly guard: GuardReport | null
}

/** What the guard knew at the start and has found out since; also published on the channel `prewarm:guard`. */
export interface GuardReport {
  /**
   * waiting: the port is not open. watching: it is. over: the time is up, or all is decided. off: `PREWARM_WATCH` is 0, or there
   * is nothing to watch.
   */
  readonly state: 'waiting' | 'watching' | 'over' | 'off'
  /** What earlier starts had found out, at most 20. */
  readonly inForce: readonly GuardVerdict[]
  /** What this one has found out. */
  readonly verdicts: readonly GuardVerdict[]
  readonly tiers: TierCounts
  readonly latency: LatencyCounts
  /** Why nothing can be kept for the next start; null: it can. */
  readonly trouble: string | null
}

export interface GuardVerdict {
  readonly reason: Reason
  readonly detail: string
}

/** Of the functions that were optimised before the port opened. */
export interface TierCounts {
  readonly functions: number
  /** Times that they were looked at, and of these, those with requests since the last one. */
  readonly polls: number
  readonly pollsWithTraffic: number
  /** How often one was found to have lost its optimised code under traffic. */
  readonly falls: number
  /** The first 20 that did. */
  readonly fallen: readonly { readonly name: string; readonly falls: number }[]
  /** Functions whose optimised code the guard has thrown away. */
  readonly undone: number
}

/** Of the first requests of clients, against those of the recording. */
export interface LatencyCounts {
  readonly verdict: 'undecided' | 'harmless' | 'harmful'
  /** Routes that could be compared so far. */
  readonly routes: number
  /** First requests of these that count, and those of them that were slower than cold ones. */
  readonly requests: number
  readonly exceeded: number
  /** The first 10 with such a request: `GET /items/:id`. */
  readonly slowRoutes: readonly string[]
}

export interface SkippedUnit {
  readonly unit: string
  readonly reason: Reason
  /** What it is about, where the reason alone does not say: `redis write 10.0.0.7:6379`. */
  readonly detail?: string
}

/** `wait` is only there when the process had to, since others of the host were rehearsing. */
export type StageName =
  'preflight' | 'load' | 'codecache' | 'wait' | 'preload' | 'rehearse' | 'settle' | 'open'

export interface StageReport {
  readonly name: StageName
  readonly ms: number
}

/** `applied + sum(skipped)` is the number of units that the profile offered. */
export interface UnitCounts {
  readonly applied: number
  readonly skipped: Readonly<Partial<Record<Reason, number>>>
}

/** What became of recorded calls of work. */
export interface WorkCounts extends UnitCounts {
  /** Passes over the calls that may be rehearsed. */
  readonly rounds: number
  readonly calls: number
}
