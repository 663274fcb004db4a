import { writeFileSync } from 'node:fs'
import type { Reason } from '../formats/reasons.ts'
import type {
  GuardReport,
  RunReport,
  SkippedUnit,
  StageName,
  StageReport,
  UnitCounts,
  WorkCounts,
} from '../formats/report.ts'
import type { Config } from './config.ts'
import type { RehearsalResult } from './rehearse.ts'
import type { ResourceFailure } from './resource-registry.ts'
import { maxNamed, Units } from './units.ts'

declare const prewarmVersion: string

export interface WorkSummary {
  readonly counts: WorkCounts
  readonly skipped: readonly SkippedUnit[]
}

export const noWork: WorkCounts = { applied: 0, skipped: {}, rounds: 0, calls: 0 }

/** Collects what a start did with its profile. */
export class RunRecord {
  readonly #config: Config
  readonly #skipped: SkippedUnit[] = []
  readonly #stages: StageReport[] = []
  /** undefined: there is no load pack. */
  load: Units | undefined
  readonly codeCache = new Units(this.#skipped)
  readonly preload = new Units(this.#skipped)
  readonly rehearsal = new Units(this.#skipped)
  readonly tierUp = new Units(this.#skipped)
  /** undefined: there was no profile that fits. */
  guard: { report(): GuardReport } | undefined
  /** Told of every stage as it ends, and how long it took. */
  onStage: ((name: StageName, ms: number) => void) | undefined
  /** Whether V8's flags are after the replay what they were before. */
  flagsRestored = true
  #rounds = 0
  #requests = 0
  #openMs: number | undefined
  #stopped: RunReport['rehearsal']['stopped'] = null

  constructor(config: Config) {
    this.#config = config
  }

  /** For one more stage. */
  units(): Units {
    return new Units(this.#skipped)
  }

  time(name: StageName, work: () => void): void {
    const start = performance.now()
    work()
    this.addStage(name, performance.now() - start)
  }

  async timeAsync(name: StageName, work: () => Promise<void>): Promise<void> {
    const start = performance.now()
    try {
      await work()
    } finally {
      this.addStage(name, performance.now() - start)
    }
  }

  addStage(name: StageName, ms: number): void {
    this.#stages.push({ name, ms: round(ms) })
    this.onStage?.(name, ms)
  }

  /** Of rehearsal, on servers that are done with it. */
  get rounds(): number {
    return this.#rounds
  }

  addRehearsal(result: RehearsalResult): void {
    this.#rounds += result.rounds
    this.#requests += result.requests
    this.#stopped = result.stopped ?? this.#stopped
  }

  /** The port is open. */
  opened(): void {
    this.#openMs ??= round(performance.now())
  }

  stopRehearsal(reason: Reason): void {
    this.#stopped ??= reason
  }

  /** Not a unit of the profile, so it is named and not counted. */
  resourceFailed({ name, detail }: ResourceFailure): void {
    // Ahead of all requests: these could fill the list.
    this.#skipped.unshift({ unit: `resource ${name}`, reason: 'RESOURCE_FAILED', detail })
    this.#skipped.splice(maxNamed)
  }

  /** The same of the turn of this process among those of the host. */
  waveWasFull(): void {
    this.#skipped.unshift({ unit: 'turn', reason: 'WAVE_FULL' })
    this.#skipped.splice(maxNamed)
  }

  /**
   * @param work - nothing was recorded when it is empty; its `skipped` are named beside those of the other stages
   * @param lock - why neither requests nor work could be read, if so
   */
  applied(appId: string, work: WorkSummary, lock?: string): RunReport {
    const codeCache = this.codeCache.counts()
    const preload = this.preload.counts()
    const rehearsal = this.rehearsal.counts()
    const tierUp = this.tierUp.counts()
    const parts = [
      `${codeCache.applied} of ${total(codeCache)} code caches`,
      `${preload.applied} of ${total(preload)} late modules`,
      `${this.#requests} rehearsed requests in ${this.#rounds} rounds`,
    ]
    if (total(tierUp) > 0) {
      parts.push(`${tierUp.applied} of ${total(tierUp)} optimised functions`)
    }
    if (total(work.counts) > 0) parts.push(`${work.counts.calls} rehearsed calls`)
    const detail = parts.join(', ') + (lock === undefined ? '' : `; ${lock}`)
    return {
      ...this.#head(appId, null, detail),
      stages: this.#stages,
      ...(this.load !== undefined && { load: this.load.counts() }),
      codeCache,
      preload,
      rehearsal: {
        ...rehearsal,
        rounds: this.#rounds,
        requests: this.#requests,
        stopped: this.#stopped,
      },
      tierUp,
      work: work.counts,
      skipped: [...this.#skipped, ...work.skipped].slice(0, maxNamed),
      flagsRestored: this.flagsRestored,
      openMs: this.#openMs ?? null,
      guard: this.guard?.report() ?? null,
    }
  }

  cold(reason: Reason, detail: string): RunReport {
    const none: UnitCounts = { applied: 0, skipped: {} }
    return {
      ...this.#head(null, reason, detail),
      stages: this.#stages,
      codeCache: none,
      preload: none,
      rehearsal: { ...none, rounds: 0, requests: 0, stopped: null },
      tierUp: none,
      work: noWork,
      skipped: [],
      flagsRestored: true,
      openMs: null,
      guard: this.guard?.report() ?? null,
    }
  }

  #head(
    appId: string | null,
    reason: Reason | null,
    detail: string,
  ): Pick<
    RunReport,
    | 'schemaVersion'
    | 'prewarm'
    | 'pid'
    | 'node'
    | 'startedAt'
    | 'mode'
    | 'profile'
    | 'appId'
    | 'outcome'
    | 'reason'
    | 'detail'
    | 'budgetMs'
  > {
    return {
      schemaVersion: 1,
      prewarm: prewarmVersion,
      pid: process.pid,
      node: process.version,
      startedAt: new Date(performance.timeOrigin).toISOString(),
      mode: this.#config.mode,
      profile: this.#config.profile ?? null,
      appId,
      outcome: reason === null ? 'applied' : 'cold',
      reason,
      detail,
      budgetMs: this.#config.budgetMs,
    }
  }
}

function total(units: UnitCounts): number {
  return Object.values(units.skipped).reduce((sum, count) => sum + count, units.applied)
}

/** Writes beside the traffic: asynchronously, in one piece, and a folder that cannot be written to is no trouble. */
export async function writeReport(file: string, report: RunReport): Promise<void> {
  const { rename, rm, writeFile } = process.getBuiltinModule('node:fs/promises')
  const draft = `${file}.${report.pid}.tmp`
  try {
    await writeFile(draft, `${JSON.stringify(report, null, 1)}\n`)
    await rename(draft, file)
  } catch {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}

/** For a process that is about to exit. */
export function writeReportNow(file: string, report: RunReport): void {
  try {
    writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`)
  } catch {
    // The same: the report is for people who look for it, and stderr has the reason in strict mode.
  }
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100
}
