import type { Reason } from '../formats/reasons.ts'
import type { Budget } from './budget.ts'
import type { Case, RouteCases } from './cases.ts'
import type { RehearsalContext, RehearsalScope } from './context.ts'
import type { HeldServer } from './gate.ts'
import type { Http1Connection } from './http1-client.ts'
import { PrivateDoor } from './private-door.ts'
import type { Units } from './units.ts'

export interface RehearsalLimits {
  readonly budget: Budget
  readonly maxRounds: number
}

export interface RehearsalResult {
  readonly rounds: number
  readonly requests: number
  /** Why it ended; null: there was nothing to send. */
  readonly stopped: 'cap' | Reason | null
}

/** A case may be answered wrongly this often before it is dropped: routes and databases may not be ready at first. */
const maxWrongAnswers = 3
const notReadyPauseMs = 20
/** A server that turns connections away again and again wants something that a rehearsal has not: a client certificate. */
const maxFailedConnects = 3

/**
 * Stage 3: sends the recorded requests to a server that is not listening yet, round after round, each round over a new
 * connection (with one connection V8 specialises on that one socket), until the budget is spent or the cap is reached.
 */
export async function rehearse(
  held: HeldServer,
  routes: readonly RouteCases[],
  context: RehearsalContext,
  limits: RehearsalLimits,
  units: Units,
): Promise<RehearsalResult> {
  const rehearsal = new Rehearsal(routes, limits, context)
  if (routes.length === 0) return rehearsal.finish(units)
  const door = await PrivateDoor.open(held.server, held.identity.kind === 'https')
  const { stop } = limits.budget
  const close = (): void => {
    door.close()
  }
  stop.addEventListener('abort', close)
  try {
    await rehearsal.run(door)
  } finally {
    stop.removeEventListener('abort', close)
    door.close()
  }
  return rehearsal.finish(units)
}

class Rehearsal {
  readonly #answered = new Set<Case>()
  readonly #dropped = new Map<Case, Reason>()
  readonly #routes: readonly RouteCases[]
  readonly #limits: RehearsalLimits
  readonly #context: RehearsalContext
  readonly #wrongAnswers = new Map<Case, number>()
  readonly #next: number[]
  #rounds = 0
  #failedConnects = 0
  #requests = 0

  constructor(routes: readonly RouteCases[], limits: RehearsalLimits, context: RehearsalContext) {
    this.#routes = routes
    this.#limits = limits
    this.#context = context
    this.#next = routes.map(() => 0)
  }

  async run(door: PrivateDoor): Promise<void> {
    while (!this.#isOver() && this.#hasCases()) {
      const correct = await this.#round(door)
      this.#rounds++
      if (correct === 0 && !this.#isOver()) await pause(notReadyPauseMs)
    }
  }

  /** Counts every case once and says how it ended. */
  finish(units: Units): RehearsalResult {
    const stopped = this.#end()
    for (const [{ name }, reason] of this.#dropped) units.skip(name, reason)
    for (const chosen of this.#routes.flatMap(({ cases }) => cases)) {
      if (this.#answered.has(chosen)) units.apply()
      else units.skip(chosen.name, stopped === 'cap' || stopped === null ? 'BUDGET_SPENT' : stopped)
    }
    return { rounds: this.#rounds, requests: this.#requests, stopped }
  }

  #end(): RehearsalResult['stopped'] {
    const { budget, maxRounds } = this.#limits
    if (this.#routes.length === 0) return null
    if (budget.stop.aborted) return 'ABORTED'
    if (this.#rounds >= maxRounds) return 'cap'
    if (this.#failedConnects >= maxFailedConnects) return 'PROTOCOL'
    return this.#hasCases() ? 'BUDGET_SPENT' : 'REQUEST_FAILED'
  }

  /** How many answers had the recorded status. */
  async #round(door: PrivateDoor): Promise<number> {
    const client = new Client(door, this.#context, this.#limits.budget)
    let correct = 0
    for (const [index, route] of this.#routes.entries()) {
      if (this.#rounds % route.everyRounds !== 0) continue
      for (let visit = 0; visit < route.visits && route.cases.length > 0; visit++) {
        const turn = (this.#next[index] ?? 0) % route.cases.length
        this.#next[index] = turn + 1
        const chosen = route.cases[turn]
        if (chosen === undefined || this.#isOver()) break
        if (await client.connect()) this.#failedConnects = 0
        else {
          this.#failedConnects++
          return correct
        }
        if (await this.#send(client, chosen, route)) correct++
      }
    }
    client.leave(this.#rounds % 2 === 0)
    return correct
  }

  async #send(client: Client, chosen: Case, route: RouteCases): Promise<boolean> {
    const failuresBefore = this.#context.failures
    const answer = await client.ask(chosen)
    this.#requests++
    const failed = this.#context.failures > failuresBefore
    if (answer === chosen.status && !failed) {
      this.#answered.add(chosen)
      this.#wrongAnswers.delete(chosen)
      return true
    }
    if (answer === 'cut off') return false
    if (answer === 'timeout') this.#drop(chosen, route, 'TIMED_OUT')
    else if (failed) this.#drop(chosen, route, 'REQUEST_FAILED')
    else {
      const wrong = (this.#wrongAnswers.get(chosen) ?? 0) + 1
      this.#wrongAnswers.set(chosen, wrong)
      if (wrong >= maxWrongAnswers) {
        this.#drop(chosen, route, answer === 'failed' ? 'REQUEST_FAILED' : 'STATUS_CHANGED')
      }
    }
    return false
  }

  #drop(chosen: Case, route: RouteCases, reason: Reason): void {
    route.cases.splice(route.cases.indexOf(chosen), 1)
    this.#answered.delete(chosen)
    this.#dropped.set(chosen, reason)
  }

  #hasCases(): boolean {
    return this.#routes.some(({ cases }) => cases.length > 0)
  }

  #isOver(): boolean {
    return (
      this.#rounds >= this.#limits.maxRounds ||
      this.#failedConnects >= maxFailedConnects ||
      this.#limits.budget.isOver()
    )
  }
}

/** One client for one round: a connection, and another one only when the server closes that. */
class Client {
  readonly #door: PrivateDoor
  readonly #context: RehearsalContext
  readonly #budget: Budget
  #connection: Http1Connection | undefined
  #scope: RehearsalScope | undefined

  constructor(door: PrivateDoor, context: RehearsalContext, budget: Budget) {
    this.#door = door
    this.#context = context
    this.#budget = budget
  }

  async connect(): Promise<boolean> {
    if (this.#connection?.isClosed === false) return true
    this.leave(false)
    this.#scope = this.#context.scope()
    try {
      this.#connection = await this.#door.connect(this.#budget.remainingMs(), this.#scope)
      return true
    } catch {
      return false
    }
  }

  /** Status of the answer; `cut off`: it came to nothing through no fault of the request. */
  async ask(chosen: Case): Promise<number | 'failed' | 'timeout' | 'cut off'> {
    const connection = this.#connection
    if (connection === undefined) return 'failed'
    const wasReused = connection.isReused
    const remainingMs = this.#budget.remainingMs()
    const deadlineMs = Math.min(chosen.deadlineMs, remainingMs)
    const answer = await connection.request(chosen.method, chosen.bytes, deadlineMs)
    if (typeof answer === 'number') return answer
    this.#scope?.abandon()
    const isBudget = this.#budget.isOver() || deadlineMs === remainingMs
    return isBudget || (answer === 'failed' && wasReused) ? 'cut off' : answer
  }

  /** Real clients end connections and drop them, and the two take different ways through the server. */
  leave(politely: boolean): void {
    if (politely) this.#connection?.end()
    else this.#connection?.destroy()
    this.#connection = undefined
    this.#scope?.end()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
