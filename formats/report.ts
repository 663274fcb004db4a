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
}

export interface SkippedUnit {
  readonly unit: string
  readonly reason: Reason
  /** What it is about, where the reason alone does not say: `redis write 10.0.0.7:6379`. */
  readonly detail?: string
}

export type StageName = 'preflight' | 'codecache' | 'preload' | 'rehearse' | 'settle' | 'open'

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
