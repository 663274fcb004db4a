import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerHttp2Stream } from 'node:http2'
import type net from 'node:net'
import { effectName, type Effect } from '../formats/effects.ts'
import {
  isListed,
  mayBeSent,
  mayHappen,
  routeName,
  switchedProtocols,
  type Policy,
} from '../formats/policy.ts'
import type { Exemplar, LedgerEntry, Requests, RouteRecord } from '../formats/profile.ts'
import { deadlineMsOf, prepareRequest } from '../runtime/prepared-request.ts'
import { PrivateDoor } from '../runtime/private-door.ts'
import { enterOnEvents } from '../runtime/stream-context.ts'
import { currentScope, RehearsalContext } from '../runtime/rehearsal-context.ts'
import type { EffectRecorder } from './effects.ts'
import type { Observation } from './observation.ts'

/** How one exemplar fared when it was alone. */
export interface TrialResult {
  readonly outcome: LedgerEntry['outcome']
  readonly status: number | null
  readonly effects: readonly Effect[]
  readonly observations: readonly Observation[]
  readonly note: string
}

export interface TrialOptions {
  /** Longest time of the whole trial. */
  readonly budgetMs: number
  /** What it would refuse to rehearse is not tried either. */
  readonly policy: Policy
}

/** What belongs to no request must show up in this many runs of an exemplar to count as its own: heartbeats do not. */
const runsAgainstHeartbeats = 3
/** So often an exemplar is sent again because clients were answered meanwhile. */
const maxDisturbances = 3

/**
 * Sends every exemplar once more, to this process, one at a time, and learns what each of them does: while others are being
 * answered, pooled drivers leave that open.
 */
export class Trial {
  readonly #context: RehearsalContext
  readonly #effects: EffectRecorder
  readonly #options: TrialOptions
  readonly #runs = new Map<Exemplar, readonly Run[]>()
  readonly #doors = new Map<number, PrivateDoor | undefined>()
  /** Requests of clients that are being answered, and that came since the trial began. */
  readonly #clients = { active: 0, seen: 0 }
  readonly #stopWatching: (() => void)[] = []
  #endsAt = 0

  /** @param context - whose `watchExit()` was called before the application was loaded */
  constructor(context: RehearsalContext, effects: EffectRecorder, options: TrialOptions) {
    this.#context = context
    this.#effects = effects
    this.#options = options
  }

  /** Never rejects. What was not tried when the time is over has no result. */
  async run(
    requests: Requests,
    serverOf: (index: number) => net.Server | undefined,
    effectsOf: (exemplar: Exemplar) => readonly Effect[],
  ): Promise<ReadonlyMap<Exemplar, TrialResult>> {
    this.#endsAt = performance.now() + this.#options.budgetMs
    subscribe('http.server.request.start', this.#onStart)
    subscribe('http.server.response.finish', this.#onFinish)
    try {
      this.#context.open()
      const { policy } = this.#options
      for (const { route, exemplar } of inTurns(requests.routes, policy)) {
        if (!effectsOf(exemplar).every((effect) => mayHappen(effect, policy))) continue
        const server = serverOf(route.server)
        const door = server && (await this.#doorOf(route.server, requests, server))
        if (door === undefined) continue
        await this.#try(door, route, exemplar)
        if (this.#isOver()) break
      }
    } catch {
      // The exemplars that were not reached stay untried.
    } finally {
      unsubscribe('http.server.request.start', this.#onStart)
      unsubscribe('http.server.response.finish', this.#onFinish)
      for (const stop of this.#stopWatching) stop()
      for (const door of this.#doors.values()) void door?.close()
      this.#effects.onUnattributed = undefined
      this.#context.close()
    }
    // Only now: some of it came to light after the answer.
    return new Map([...this.#runs].map(([exemplar, runs]) => [exemplar, resultOf(runs)]))
  }

  /** Ends it; what was tried counts. */
  abort(): void {
    this.#endsAt = 0
  }

  async #doorOf(
    index: number,
    requests: Requests,
    server: net.Server,
  ): Promise<PrivateDoor | undefined> {
    if (!this.#doors.has(index)) {
      // Over HTTP/2 there is no channel on all Node lines.
      if (requests.servers[index]?.kind === 'http2') this.#watchStreams(server)
      this.#doors.set(index, await PrivateDoor.open(server))
    }
    return this.#doors.get(index)
  }

  async #try(door: PrivateDoor, route: RouteRecord, exemplar: Exemplar): Promise<void> {
    const runs: Run[] = []
    let disturbances = 0
    while (runs.length < runsAgainstHeartbeats && !this.#isOver()) {
      const run = await this.#send(door, route, exemplar)
      if (run.wasDisturbed && ++disturbances < maxDisturbances) continue
      runs.push(run)
      if (run.wasDisturbed || run.outcome !== 'passed' || run.unattributed.size === 0) break
    }
    this.#runs.set(exemplar, runs)
  }

  async #send(door: PrivateDoor, route: RouteRecord, exemplar: Exemplar): Promise<Run> {
    const observation = this.#effects.observation()
    const unattributed = new Map<string, Effect>()
    this.#effects.onUnattributed = (effect) => unattributed.set(effectName(effect), effect)
    const strayBefore = this.#context.strayFailures
    const clientsBefore = this.#clients.seen
    const wasActive = this.#clients.active > 0
    const scope = this.#context.scope(observation)
    const answer = await this.#answerOf(door, route, exemplar, scope)
    // What it starts without waiting for it, such as a write behind a queue, follows in the next turns.
    for (let turn = 0; turn < 3; turn++) await nextTurn()
    const hasThrown = observation.failures > 0 || this.#context.strayFailures > strayBefore
    const isRight = answer === exemplar.status && !hasThrown
    return {
      outcome: isRight ? 'passed' : failureOf(answer, hasThrown),
      status: typeof answer === 'number' ? answer : null,
      observation,
      unattributed,
      wasDisturbed: wasActive || this.#clients.seen > clientsBefore,
    }
  }

  async #answerOf(
    door: PrivateDoor,
    route: RouteRecord,
    exemplar: Exemplar,
    scope: ReturnType<RehearsalContext['scope']>,
  ): Promise<number | 'failed' | 'timeout'> {
    const deadlineMs = Math.min(
      deadlineMsOf(route.cold),
      Math.max(1, this.#endsAt - performance.now()),
    )
    try {
      const request = prepareRequest(route, exemplar)
      const connection = await door.connect(deadlineMs, scope, request.protocol)
      const answer = await connection.request(request, deadlineMs)
      connection.end()
      return answer
    } catch {
      return 'failed'
    }
  }

  #watchStreams(server: net.Server): void {
    const onStream = (stream: ServerHttp2Stream): void => {
      const scope = currentScope()
      if (scope === undefined) {
        this.#onStart()
        stream.once('close', this.#onFinish)
      } else {
        enterOnEvents(stream, () => {
          this.#context.enter(scope)
        })
      }
    }
    server.prependListener('stream', onStream)
    this.#stopWatching.push(() => server.off('stream', onStream))
  }

  #isOver(): boolean {
    return performance.now() >= this.#endsAt
  }

  readonly #onStart = (): void => {
    if (currentScope() !== undefined) return
    this.#clients.active++
    this.#clients.seen++
  }

  readonly #onFinish = (): void => {
    if (currentScope() === undefined && this.#clients.active > 0) this.#clients.active--
  }
}

interface Run {
  readonly outcome: 'passed' | 'status-changed' | 'failed' | 'timed-out'
  readonly status: number | null
  readonly observation: Observation
  readonly unattributed: ReadonlyMap<string, Effect>
  readonly wasDisturbed: boolean
}

function failureOf(
  answer: number | 'failed' | 'timeout',
  hasThrown: boolean,
): 'status-changed' | 'failed' | 'timed-out' {
  if (answer === 'timeout' && !hasThrown) return 'timed-out'
  return hasThrown || typeof answer !== 'number' ? 'failed' : 'status-changed'
}

function resultOf(runs: readonly Run[]): TrialResult {
  const last = runs.at(-1)
  const observations = runs.map(({ observation }) => observation)
  const effects = [...observations.flatMap((each) => each.effects()), ...commonTo(runs)]
  const hasFailed = observations.some(({ failures }) => failures > 0)
  const isUntried = last === undefined || last.wasDisturbed
  return {
    outcome: isUntried ? 'untried' : hasFailed ? 'failed' : last.outcome,
    status: last?.status ?? null,
    effects: [...new Map(effects.map((effect) => [effectName(effect), effect])).values()],
    observations,
    note: last?.wasDisturbed === true ? 'clients were being answered all the time' : '',
  }
}

/** What belongs to nobody and came up in each of the runs. */
function commonTo(runs: readonly Run[]): Effect[] {
  const [first, ...others] = runs
  if (first === undefined) return []
  return [...first.unattributed]
    .filter(([name]) => others.every(({ unattributed }) => unattributed.has(name)))
    .map(([, effect]) => effect)
}

/** The first exemplars of all routes, frequent routes first, then the second ones, and so on. */
function* inTurns(
  routes: readonly RouteRecord[],
  policy: Policy,
): Generator<{ route: RouteRecord; exemplar: Exemplar }> {
  const tried = routes.filter(
    (route) => mayBeSent(route, policy.rehearse) && !isListed(routeName(route), policy.skip),
  )
  const most = Math.max(0, ...tried.map(({ exemplars }) => exemplars.length))
  for (let turn = 0; turn < most; turn++) {
    for (const route of tried) {
      const exemplar = route.exemplars[turn]
      if (exemplar !== undefined && mayBeTried(exemplar)) yield { route, exemplar }
    }
  }
}

function mayBeTried({ bodyKept, status }: Exemplar): boolean {
  return bodyKept !== 'dropped' && status !== switchedProtocols
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
