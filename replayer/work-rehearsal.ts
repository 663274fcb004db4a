import type { Refusal } from '../formats/policy.ts'
import type { WorkSample } from '../formats/profile.ts'
import type { Reason } from '../formats/reasons.ts'
import type { ArgumentCodec } from '../runtime/argument-codec.ts'
import { decodeArguments } from '../runtime/call-arguments.ts'
import type { RehearsalContext, RehearsalScope } from '../runtime/rehearsal-context.ts'
import { Budget } from './budget.ts'
import type { EffectGuard } from './effect-guard.ts'
import type { Units } from './units.ts'

/** One recorded call that may be repeated. */
export interface WorkCase {
  readonly unit: string
  readonly sample: WorkSample
  /** How long it may take. */
  readonly deadlineMs: number
  readonly guard: EffectGuard
}

export interface Workload {
  readonly fn: (...args: never[]) => unknown
  readonly codec: ArgumentCodec | undefined
}

export interface WorkLimits {
  readonly budget: Budget
  readonly maxRounds: number
}

/** What is done around the calls of one rehearsal, if there are any to be made. */
export interface Surroundings {
  /** Why there must be none; undefined: they may begin. */
  before(budget: Budget): Promise<Reason | undefined>
  /** Never rejects. What it waits for is still marked as rehearsal. */
  after(): Promise<void>
  /** Nothing is marked any more. */
  onEnd(): void
}

/** A call may go wrong this often in a row before it is dropped. */
const maxWrongEnds = 3
/** A hung one costs its whole deadline each time. */
const maxTimeouts = 2
/**
 * Optimised code holds the hidden classes that it was made for weakly: with the last object of such a class the code
 * is thrown away at the next garbage collection. So long the traffic has to bring objects of its own.
 */
const pinnedMs = 120_000

/** `correct`: as recorded. undefined: it was cut off, and nothing can be said of it. */
type End = 'correct' | Reason | undefined

/** Repeats the recorded calls of one name, in turn, until the budget or the rounds are spent. */
export class WorkRehearsal {
  readonly #work: Workload
  readonly #context: RehearsalContext
  readonly #limits: WorkLimits
  readonly #surroundings: Surroundings
  /** Those that have not been dropped. */
  readonly #cases: WorkCase[]
  readonly #correct = new Set<WorkCase>()
  readonly #wrong = new Map<WorkCase, { times: number } & Refusal>()
  /** Arguments and result of the latest call of each. */
  readonly #pinned = new Map<WorkCase, unknown>()
  readonly #dropped = new Map<WorkCase, Refusal>()
  /** Of each its own: what one still does is not taken for another's. */
  readonly #scopes = new Map<WorkCase, RehearsalScope>()
  #calls = 0

  constructor(
    work: Workload,
    cases: readonly WorkCase[],
    context: RehearsalContext,
    limits: WorkLimits,
    surroundings: Surroundings,
  ) {
    this.#work = work
    this.#cases = [...cases]
    this.#context = context
    this.#limits = limits
    this.#surroundings = surroundings
  }

  /** Never rejects. Counts every case once and says how it ended. */
  async run(units: Units): Promise<{ readonly rounds: number; readonly calls: number }> {
    const all = [...this.#cases]
    const { budget, maxRounds } = this.#limits
    let rounds = 0
    let trouble: Reason | undefined
    if (this.#canGoOn()) {
      try {
        this.#context.open()
        trouble = await this.#surroundings.before(budget)
        if (trouble === undefined)
          for (; rounds < maxRounds && this.#canGoOn(); rounds++) await this.#round()
      } catch {
        trouble = 'INTERNAL_ERROR'
      }
      await this.#surroundings.after()
      this.#context.close(() => {
        this.#surroundings.onEnd()
      })
      this.#unpinLater()
    }
    const reasonLeft = trouble ?? (budget.stop.aborted ? 'ABORTED' : 'BUDGET_SPENT')
    for (const each of all) {
      // What was refused to work that went on in the background.
      const dropped = this.#dropped.get(each) ?? each.guard.refusal
      if (dropped !== undefined) units.skip(each.unit, dropped.reason, dropped.detail)
      else if (this.#correct.has(each)) units.apply()
      else {
        const { reason, detail } = this.#wrong.get(each) ?? { reason: reasonLeft }
        units.skip(each.unit, reason, detail)
      }
    }
    return { rounds, calls: this.#calls }
  }

  #canGoOn(): boolean {
    return this.#cases.length > 0 && !this.#limits.budget.isOver()
  }

  async #round(): Promise<void> {
    for (const each of [...this.#cases]) {
      if (this.#limits.budget.isOver()) return
      const end = await this.#call(each)
      if (each.guard.refusal !== undefined) this.#drop(each, each.guard.refusal)
      else if (end === 'correct') {
        this.#correct.add(each)
        this.#wrong.delete(each)
      } else if (end !== undefined) this.#strike(each, end)
    }
  }

  #strike(each: WorkCase, reason: Reason): void {
    const times = (this.#wrong.get(each)?.times ?? 0) + 1
    const detail = reason === 'REQUEST_FAILED' ? each.guard.failure : ''
    this.#wrong.set(each, { times, reason, detail })
    if (times >= (reason === 'TIMED_OUT' ? maxTimeouts : maxWrongEnds))
      this.#drop(each, { reason, detail })
  }

  #drop(each: WorkCase, refusal: Refusal): void {
    this.#cases.splice(this.#cases.indexOf(each), 1)
    this.#dropped.set(each, refusal)
    this.#pinned.delete(each)
  }

  async #call(each: WorkCase): Promise<End> {
    const failuresBefore = this.#context.failures
    const scope = this.#scopeOf(each)
    const remainingMs = this.#limits.budget.remainingMs()
    const deadlineMs = Math.min(each.deadlineMs, remainingMs)
    const start = performance.now()
    let outcome: WorkSample['outcome'] | undefined
    const ended = scope
      .run(() => this.#attempt(each))
      .then((how) => {
        outcome = how
      })
    this.#calls++
    // Most calls have ended by then, and need no timer. The event loop gets a turn after each in any case.
    await turnOfEventLoop()
    if (outcome === undefined) {
      const deadline = new Budget(deadlineMs, this.#limits.budget.stop)
      await deadline.wait(ended)
    }
    if (this.#context.failures > failuresBefore) return 'REQUEST_FAILED'
    if (outcome === undefined) {
      scope.isAbandoned = true
      return deadlineMs === remainingMs || this.#limits.budget.isOver() ? undefined : 'TIMED_OUT'
    }
    if (performance.now() - start > each.deadlineMs) return 'TIMED_OUT'
    return outcome === each.sample.outcome ? 'correct' : 'OUTCOME_CHANGED'
  }

  /** Never rejects. */
  async #attempt(each: WorkCase): Promise<WorkSample['outcome']> {
    try {
      const args = decodeArguments(each.sample.arguments, this.#work.codec)
      const pinned = { args, result: undefined as unknown }
      this.#pinned.set(each, pinned)
      const result: unknown = Reflect.apply(this.#work.fn, undefined, args)
      pinned.result = result
      await result
      return 'returned'
    } catch {
      return 'threw'
    }
  }

  /** A call that was cut off keeps its own: it must not pass for work that was asked for. */
  #scopeOf(each: WorkCase): RehearsalScope {
    const known = this.#scopes.get(each)
    if (known !== undefined && !known.isAbandoned) return known
    const scope = this.#context.scope(each.guard)
    this.#scopes.set(each, scope)
    return scope
  }

  #unpinLater(): void {
    setTimeout(() => {
      this.#pinned.clear()
    }, pinnedMs).unref()
  }
}

function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
