import { refusalOfCall } from '../formats/policy.ts'
import type { WorkRecord, WorkSample } from '../formats/profile.ts'
import type { SkippedUnit, WorkCounts } from '../formats/report.ts'
import type { ArgumentCodec } from '../runtime/argument-codec.ts'
import type { RehearsalContext } from '../runtime/rehearsal-context.ts'
import { Budget } from './budget.ts'
import type { Config } from './config.ts'
import { noWork, type WorkSummary } from './run-report.ts'
import { Units } from './units.ts'
import { WorkRehearsal, type WorkCase } from './work-rehearsal.ts'

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

/** An answer that comes faster than this is never late: a pause of the machine is not its fault. */
const shortestDeadlineMs = 500

/** The recorded work of one process. All of it together may take the budget once, besides what a held port may take. */
export class Work {
  readonly #works: ReadonlyMap<string, WorkRecord>
  readonly #config: Config
  readonly #context: RehearsalContext
  /** By name: a second rehearsal takes the place of the first. */
  readonly #done = new Map<string, Done>()
  #leftMs: number

  constructor(works: readonly WorkRecord[], config: Config, context: RehearsalContext) {
    this.#works = new Map(works.map((work) => [work.name, work]))
    this.#config = config
    this.#context = context
    this.#leftMs = config.budgetMs
  }

  /** Never rejects. One at a time. */
  async rehearse(asked: WorkToRehearse, stop: AbortSignal): Promise<WorkCounts> {
    const work = this.#works.get(asked.name)
    if (work === undefined) return noWork
    const skipped: SkippedUnit[] = []
    const units = new Units(skipped)
    const cases = this.#select(work, units)
    const start = performance.now()
    const budget = new Budget(this.#budgetMs(asked), stop)
    const rehearsal = new WorkRehearsal(asked, cases, this.#context, {
      budget,
      maxRounds: asked.rounds ?? this.#config.maxRounds,
    })
    const result = await rehearsal.run(units)
    if (asked.budgetMs === undefined) this.#leftMs -= performance.now() - start
    const counts = { ...units.counts(), ...result }
    this.#done.set(asked.name, { counts, skipped })
    return counts
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
    const deadlineMs = Math.max(shortestDeadlineMs, 3 * cold.maxMs)
    return samples.flatMap((sample: WorkSample, index) => {
      const unit = unitName(name, index)
      const refusal = refusalOfCall(name, sample, this.#config.policy)
      if (refusal === undefined) return [{ unit, sample, deadlineMs }]
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
