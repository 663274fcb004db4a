import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerHttp2Stream } from 'node:http2'
import type { Refusal } from '../formats/policy.ts'
import type { Reason } from '../formats/reasons.ts'
import type { Budget } from './budget.ts'
import { maxRoundsBetween, type Case, type RouteCases } from './cases.ts'
import {
  currentScope,
  type RehearsalContext,
  type RehearsalScope,
} from '../runtime/rehearsal-context.ts'
import type { HeldServer } from './gate.ts'
import type { Connection, Protocol } from '../runtime/prepared-request.ts'
import { PrivateDoor } from '../runtime/private-door.ts'
import { enterOnEvents } from '../runtime/stream-context.ts'
import type { Units } from './units.ts'

export interface RehearsalLimits {
  readonly budget: Budget
  readonly maxRounds: number
  /** Called before every round with the number of those before. */
  beforeRound(rounds: number): void
}

export interface RehearsalResult {
  readonly rounds: number
  readonly requests: number
  /** Why it ended; null: there was nothing to send. */
  readonly stopped: 'cap' | Reason | null
}

/** A case may go wrong this often before it is dropped: a pause of the machine is not its fault. */
const maxWrongAnswers = 3
/** A hung one costs its whole deadline each time. */
const maxTimeouts = 2
/** So long, or for a quarter of the budget, a wrong status drops nothing: databases may not be connected yet. */
const patienceMs = 500
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
  const door = await PrivateDoor.open(held.server)
  const { stop } = limits.budget
  const close = (): void => {
    void door.close()
  }
  stop.addEventListener('abort', close)
  const enterScope = (): void => {
    rehearsal.enterScope()
  }
  subscribe('http.server.request.start', enterScope)
  // Not all Node lines have a channel for HTTP/2.
  const isHttp2 = held.identity.kind === 'http2'
  const onStream = (stream: ServerHttp2Stream): void => {
    enterScope()
    const scope = currentScope()
    if (scope === undefined) return
    enterOnEvents(stream, () => {
      context.enter(scope)
    })
  }
  if (isHttp2) held.server.prependListener('stream', onStream)
  try {
    await rehearsal.run(door)
  } finally {
    unsubscribe('http.server.request.start', enterScope)
    if (isHttp2) held.server.off('stream', onStream)
    stop.removeEventListener('abort', close)
    await door.close()
  }
  return rehearsal.finish(units)
}

/** again: nothing can be said of the case yet. */
type Outcome = 'correct' | 'wrong' | 'again'

class Rehearsal {
  readonly #answered = new Set<Case>()
  /** Routes with an answer that was cut: each costs all the time that it is given. */
  readonly #endless = new Set<RouteCases>()
  readonly #dropped = new Map<Case, Refusal>()
  readonly #routes: readonly RouteCases[]
  readonly #limits: RehearsalLimits
  readonly #context: RehearsalContext
  readonly #wrong = new Map<Case, { times: number } & Refusal>()
  readonly #patientUntil: number
  readonly #next: number[]
  /** Of the request that is being sent: what an earlier one still does is not taken for its own. */
  #scope: RehearsalScope | undefined
  #rounds = 0
  #failedConnects = 0
  #requests = 0

  constructor(routes: readonly RouteCases[], limits: RehearsalLimits, context: RehearsalContext) {
    this.#routes = routes
    this.#limits = limits
    this.#context = context
    this.#next = routes.map(() => 0)
    this.#patientUntil = performance.now() + Math.min(patienceMs, limits.budget.remainingMs() / 4)
  }

  /** A server has begun to answer; there is one request at a time. */
  enterScope(): void {
    if (this.#scope !== undefined && currentScope() !== undefined) this.#context.enter(this.#scope)
  }

  async run(door: PrivateDoor): Promise<void> {
    while (!this.#isOver() && this.#hasCases()) {
      this.#limits.beforeRound(this.#rounds)
      const correct = await this.#round(door)
      this.#rounds++
      if (correct === 0 && !this.#isOver()) await pause(notReadyPauseMs)
    }
  }

  /** Counts every case once and says how it ended. */
  finish(units: Units): RehearsalResult {
    const stopped = this.#end()
    for (const route of this.#routes) {
      for (const chosen of [...route.cases]) {
        const { refusal, failures } = chosen.guard
        // What came to light after the last answer.
        if (refusal !== undefined) this.#drop(chosen, route, refusal)
        else if (failures >= maxWrongAnswers)
          this.#drop(chosen, route, {
            reason: 'REQUEST_FAILED',
            detail: `${chosen.guard.failure} after its answer`,
          })
      }
    }
    for (const [{ name }, { reason, detail }] of this.#dropped) units.skip(name, reason, detail)
    for (const chosen of this.#routes.flatMap(({ cases }) => cases)) {
      if (this.#answered.has(chosen)) units.apply()
      else {
        const { reason, detail } = this.#wrong.get(chosen) ?? { reason: reasonLeft(stopped) }
        units.skip(chosen.name, reason, detail)
      }
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
      const everyRounds = this.#endless.has(route) ? maxRoundsBetween : route.everyRounds
      if (this.#rounds % everyRounds !== 0) continue
      for (let visit = 0; visit < route.visits && route.cases.length > 0; visit++) {
        const turn = (this.#next[index] ?? 0) % route.cases.length
        this.#next[index] = turn + 1
        const chosen = route.cases[turn]
        if (chosen === undefined || this.#isOver()) break
        if (await client.connect(chosen.protocol)) this.#failedConnects = 0
        else {
          this.#failedConnects++
          return correct
        }
        const outcome = await this.#send(client, chosen, route)
        if (outcome === 'correct') correct++
        // Its turn did not count.
        if (outcome === 'again') this.#next[index] = turn
      }
    }
    client.leave(this.#rounds % 2 === 0)
    return correct
  }

  async #send(client: Client, chosen: Case, route: RouteCases): Promise<Outcome> {
    const failuresBefore = chosen.guard.failures + this.#context.strayFailures
    chosen.guard.rewind()
    this.#scope = this.#context.scope(chosen.guard)
    const answer = await client.ask(chosen, this.#scope)
    this.#requests++
    if (chosen.guard.refusal !== undefined) {
      this.#drop(chosen, route, chosen.guard.refusal)
      return 'wrong'
    }
    const hasThrown = chosen.guard.failures + this.#context.strayFailures > failuresBefore
    if (client.hasCut) this.#endless.add(route)
    if (answer === chosen.status && !hasThrown) {
      this.#answered.add(chosen)
      this.#wrong.delete(chosen)
      return 'correct'
    }
    if (answer === 'cut off') return 'again'
    const isHung = answer === 'timeout' && !hasThrown
    const reason = isHung
      ? 'TIMED_OUT'
      : hasThrown || typeof answer !== 'number'
        ? 'REQUEST_FAILED'
        : 'STATUS_CHANGED'
    const times = (this.#wrong.get(chosen)?.times ?? 0) + 1
    const detail = hasThrown
      ? chosen.guard.failure
      : typeof answer === 'number'
        ? `${answer} instead of ${chosen.status}`
        : ''
    this.#wrong.set(chosen, { times, reason, detail })
    const isPatient = reason === 'STATUS_CHANGED' && performance.now() < this.#patientUntil
    // What throws and then does not answer need not be waited for again.
    const most = answer !== 'timeout' ? maxWrongAnswers : isHung ? maxTimeouts : 1
    if (times >= most && !isPatient) this.#drop(chosen, route, { reason, detail })
    else if (isHung) return 'again'
    return 'wrong'
  }

  #drop(chosen: Case, route: RouteCases, refusal: Refusal): void {
    route.cases.splice(route.cases.indexOf(chosen), 1)
    this.#answered.delete(chosen)
    this.#dropped.set(chosen, refusal)
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

interface Open {
  readonly connection: Connection
  readonly scope: RehearsalScope
}

/** One client for one round: a connection for each protocol, and another one only when the server closes that. */
class Client {
  readonly #door: PrivateDoor
  readonly #context: RehearsalContext
  readonly #budget: Budget
  readonly #open = new Map<Protocol, Open>()
  /** The last answer was left before its end. */
  hasCut = false

  constructor(door: PrivateDoor, context: RehearsalContext, budget: Budget) {
    this.#door = door
    this.#context = context
    this.#budget = budget
  }

  async connect(protocol: Protocol): Promise<boolean> {
    const open = this.#open.get(protocol)
    if (open?.connection.isClosed === false) return true
    open?.connection.destroy()
    this.#open.delete(protocol)
    const scope = this.#context.scope()
    try {
      const connection = await this.#door.connect(this.#budget.remainingMs(), scope, protocol)
      this.#open.set(protocol, { connection, scope })
      return true
    } catch {
      return false
    }
  }

  /** Status of the answer; `cut off`: it came to nothing through no fault of the request. */
  async ask(
    chosen: Case,
    scope: RehearsalScope,
  ): Promise<number | 'failed' | 'timeout' | 'cut off'> {
    const open = this.#open.get(chosen.protocol)
    if (open === undefined) return 'failed'
    const { connection } = open
    const wasReused = connection.isReused
    const remainingMs = this.#budget.remainingMs()
    const deadlineMs = Math.min(chosen.deadlineMs, remainingMs)
    const answer = await connection.request(chosen, deadlineMs)
    this.hasCut = connection.hasCut
    if (typeof answer !== 'number' || this.hasCut) {
      scope.isAbandoned = true
      open.scope.isAbandoned = true
    }
    if (typeof answer === 'number') return answer
    const isBudget = this.#budget.isOver() || deadlineMs === remainingMs
    return isBudget || (answer === 'failed' && wasReused) ? 'cut off' : answer
  }

  /** Real clients end connections and drop them, and the two take different ways through the server. */
  leave(politely: boolean): void {
    for (const { connection } of this.#open.values()) {
      if (politely) connection.end()
      else connection.destroy()
    }
    this.#open.clear()
  }
}

function reasonLeft(stopped: RehearsalResult['stopped']): Reason {
  return stopped === 'cap' || stopped === null ? 'BUDGET_SPENT' : stopped
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
