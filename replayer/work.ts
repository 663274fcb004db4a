import { refusalOfCall } from '../formats/policy.ts'
import type { WorkRecord, WorkSample } from '../formats/profile.ts'
import type { SkippedUnit, WorkCounts } from '../formats/report.ts'
import type { ArgumentCodec } from '../runtime/argument-codec.ts'
import { deadlineMsOf } from '../runtime/prepared-request.ts'
import type { RehearsalContext } from '../runtime/rehearsal-context.ts'
import { Budget } from './budget.ts'
import { opensSockets, type Recorded } from './cases.ts'
import type { Config } from './config.ts'
import { EffectGuard } from './effect-guard.ts'
import { noWork, type WorkSummary } from './run-report.ts'
import { Units } from './units.ts'
import { WorkRehearsal, type Surroundings, type WorkCase } from './work-rehearsal.ts'

/** What the application asks for, by its own copy of this package. */
export interface WorkToRehearse {
  readonly name: string
  readonly fn: (...args: never[]) => unknown
  readonly codec: ArgumentCodec | undefined
  /** In place of a share of the budget of all work. */
  readonly budgetMs: number | undefined
  readonly rounds: number | undefined
}

interface Done {
  readonly counts: WorkCounts
  readonly skipped: readonly SkippedUnit[]
}

/** What is decoded when it is first asked for, and stays when the plan is released. */
interface DecodedWork {
  readonly works: ReadonlyMap<string, WorkRecord>
  readonly canConnect: boolean
}

/** The recorded work of one process. All of it together may take the budget once, besides what a held port may take. */
export class Work {
  readonly #recorded: Pick<Recorded, 'ledger' | 'work'>
  #decoded: DecodedWork | undefined
  readonly #config: Config
  readonly #context: RehearsalContext
  /** By name: a second rehearsal takes the place of the first. */
  readonly #done = new Map<string, Done>()
  #leftMs: number

  constructor(
    recorded: Pick<Recorded, 'ledger' | 'work'>,
    config: Config,
    context: RehearsalContext,
  ) {
    this.#recorded = recorded
    this.#config = config
    this.#context = context
    this.#leftMs = config.budgetMs
  }

  /** Never rejects. One at a time. */
  async rehearse(
    asked: WorkToRehearse,
    stop: AbortSignal,
    surroundings: Surroundings,
  ): Promise<WorkCounts> {
    const work = this.#works.get(asked.name)
    if (work === undefined) return noWork
    const skipped: SkippedUnit[] = []
    const units = new Units(skipped)
    const cases = this.#select(work, units)
    const start = performance.now()
    const budget = new Budget(this.#budgetMs(asked), stop)
    const limits = { budget, maxRounds: asked.rounds ?? this.#config.maxRounds }
    const rehearsal = new WorkRehearsal(asked, cases, this.#context, limits, surroundings)
    const result = await rehearsal.run(units)
    if (asked.budgetMs === undefined) this.#leftMs -= performance.now() - start
    const counts = { ...units.counts(), ...result }
    this.#done.set(asked.name, { counts, skipped })
    return counts
  }

  get #works(): ReadonlyMap<string, WorkRecord> {
    return this.#known.works
  }

  get #known(): DecodedWork {
    return (this.#decoded ??= {
      works: new Map(this.#recorded.work.map((work) => [work.name, work])),
      canConnect:
        this.#recorded.work.length > 0 && opensSockets(this.#recorded, this.#config.policy),
    })
  }

  /** Whether there are calls of it that may take some time. */
  isRecorded(name: string): boolean {
    return this.#config.budgetMs > 0 && this.#works.has(name)
  }

  /** Whether all that was recorded has been rehearsed. */
  get isComplete(): boolean {
    return this.#done.size === this.#works.size
  }

  /** Of all names; calls of those that nobody has asked for are counted as such. */
  summary(): WorkSummary {
    const skipped: SkippedUnit[] = []
    const rest = new Units(skipped)
    for (const { name, samples } of this.#works.values()) {
      if (this.#done.has(name)) continue
      for (const [index] of samples.entries()) rest.skip(unitName(name, index), 'NOT_ASKED')
    }
    const done = [...this.#done.values()]
    return {
      counts: done.reduce<WorkCounts>((sum, { counts }) => added(sum, counts), {
        ...noWork,
        ...rest.counts(),
      }),
      skipped: [...done.flatMap((each) => each.skipped), ...skipped],
    }
  }

  #select({ name, samples, cold }: WorkRecord, units: Units): WorkCase[] {
    const deadlineMs = deadlineMsOf(cold)
    const { canConnect } = this.#known
    return samples.flatMap((sample: WorkSample, index) => {
      const unit = unitName(name, index)
      const refusal = refusalOfCall(name, sample, this.#config.policy)
      if (refusal === undefined) {
        const guard = new EffectGuard(this.#config.policy, canConnect, [])
        return [{ unit, sample, deadlineMs, guard }]
      }
      units.skip(unit, refusal.reason, refusal.detail)
      return []
    })
  }

  /** An even share of what is left, among the names that have not had theirs. */
  #budgetMs({ name, budgetMs }: WorkToRehearse): number {
    if (this.#config.budgetMs === 0) return 0
    if (budgetMs !== undefined) return budgetMs
    const others = [...this.#works.keys()].filter((each) => each !== name && !this.#done.has(each))
    return Math.max(0, this.#leftMs) / (1 + others.length)
  }
}

/** `resize-image #3`: by their order in the profile, since arguments are too long for a report. */
function unitName(name: string, index: number): string {
  return `${name} #${index + 1}`
}

function added(a: WorkCounts, b: WorkCounts): WorkCounts {
  const skipped: Record<string, number> = { ...a.skipped }
  for (const [reason, count] of Object.entries(b.skipped)) {
    skipped[reason] = (skipped[reason] ?? 0) + count
  }
  return {
    applied: a.applied + b.applied,
    skipped,
    rounds: a.rounds + b.rounds,
    calls: a.calls + b.calls,
  }
}
