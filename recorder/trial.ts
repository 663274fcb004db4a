import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerHttp2Stream } from 'node:http2'
import type net from 'node:net'
import type { Effect } from '../formats/effects.ts'
import {
  isListed,
  mayBeSent,
  mayHappen,
  routeName,
  switchedProtocols,
  type Policy,
} from '../formats/policy.ts'
import type {
  Distribution,
  Exemplar,
  LedgerEntry,
  Requests,
  RouteRecord,
  WorkSample,
} from '../formats/profile.ts'
import { deadlineMsOf, prepareRequest } from '../runtime/prepared-request.ts'
import { PrivateDoor } from '../runtime/private-door.ts'
import {
  currentScope,
  type RehearsalContext,
  type RehearsalScope,
} from '../runtime/rehearsal-context.ts'
import { enterOnEvents } from '../runtime/stream-context.ts'
import type { EffectRecorder } from './effects.ts'
import type { Observation } from './observation.ts'
import { effectsIn, observe, type Run } from './trial-run.ts'
import type { WorkUnit } from './work.ts'

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
const disturbed = 'clients were being answered all the time'

/**
 * Sends every exemplar once more, to this process, one at a time, and then repeats the recorded calls of work, and learns
 * what each of them does: while others are being answered, pooled drivers leave that open.
 */
export class Trial {
  readonly #context: RehearsalContext
  readonly #effects: EffectRecorder
  readonly #options: TrialOptions
  /** Read at the end: some of it comes to light after the answer. */
  readonly #results = new Map<Exemplar, () => TrialResult>()
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

  /** Never rejects. What was not tried when the time is over has no result. Calls come last, and are told of theirs. */
  async run(
    requests: Requests,
    calls: readonly WorkUnit[],
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
      for (const unit of calls) {
        if (this.#isOver()) break
        if (!isListed(unit.name, policy.skip)) await this.#tryCall(unit)
      }
    } catch {
      // What was not reached stays untried.
    } finally {
      unsubscribe('http.server.request.start', this.#onStart)
      unsubscribe('http.server.response.finish', this.#onFinish)
      for (const stop of this.#stopWatching) stop()
      for (const door of this.#doors.values()) void door?.close()
      this.#effects.onUnattributed = undefined
      this.#context.close()
    }
    return new Map([...this.#results].map(([exemplar, resultOf]) => [exemplar, resultOf()]))
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
    const runs = await this.#repeat(
      (scope) => this.#answerOf(door, route, exemplar, scope),
      ({ end, hasThrown }) => end === exemplar.status && !hasThrown,
    )
    const last = runs.at(-1)
    if (last === undefined) return
    const { end, wasDisturbed } = last
    this.#results.set(exemplar, () => {
      const observations = runs.map(({ observation }) => observation)
      const hasThrown = last.hasThrown || observations.some(({ failures }) => failures > 0)
      const isRight = end === exemplar.status && !hasThrown
      return {
        outcome: wasDisturbed ? 'untried' : isRight ? 'passed' : failureOf(end, hasThrown),
        status: typeof end === 'number' ? end : null,
        effects: effectsIn(runs),
        observations,
        note: wasDisturbed ? disturbed : '',
      }
    })
  }

  async #tryCall(unit: WorkUnit): Promise<void> {
    const { policy } = this.#options
    const runs = await this.#repeat(
      (scope) => this.#endOf(unit, scope),
      ({ end, hasThrown, observation }) =>
        end === unit.outcome &&
        !hasThrown &&
        // It will not be rehearsed, so there is no need to do that again.
        observation.effects().every((effect) => mayHappen(effect, policy)),
    )
    const last = runs.at(-1)
    if (last === undefined) return
    const effects = effectsIn(runs).map(withoutTape)
    if (last.wasDisturbed) unit.leave(disturbed, effects)
    else unit.conclude(last.hasThrown ? 'failed' : last.end, effects)
  }

  /** @param mayRepeat - whether it is worth telling heartbeats from what it does itself */
  async #repeat<End>(
    work: (scope: RehearsalScope) => Promise<End>,
    mayRepeat: (run: Run<End>) => boolean,
  ): Promise<AloneRun<End>[]> {
    const runs: AloneRun<End>[] = []
    let disturbances = 0
    while (runs.length < runsAgainstHeartbeats && !this.#isOver()) {
      const clientsBefore = this.#clients.seen
      const wasActive = this.#clients.active > 0
      const run = await observe(this.#context, this.#effects, work)
      const wasDisturbed = wasActive || this.#clients.seen > clientsBefore
      if (wasDisturbed && ++disturbances < maxDisturbances) continue
      runs.push({ ...run, wasDisturbed })
      if (wasDisturbed || !mayRepeat(run) || run.unattributed.size === 0) break
    }
    return runs
  }

  async #endOf(
    unit: WorkUnit,
    scope: RehearsalScope,
  ): Promise<WorkSample['outcome'] | 'timed-out'> {
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<'timed-out'>((resolve) => {
      timer = setTimeout(resolve, this.#deadlineMs(unit.cold), 'timed-out')
    })
    const end = await Promise.race([scope.run(() => unit.run()), deadline])
    clearTimeout(timer)
    scope.isAbandoned = end === 'timed-out'
    return end
  }

  #deadlineMs(cold: Distribution): number {
    return Math.min(deadlineMsOf(cold), Math.max(1, this.#endsAt - performance.now()))
  }

  async #answerOf(
    door: PrivateDoor,
    route: RouteRecord,
    exemplar: Exemplar,
    scope: RehearsalScope,
  ): Promise<number | 'failed' | 'timeout'> {
    const deadlineMs = this.#deadlineMs(route.cold)
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

interface AloneRun<End> extends Run<End> {
  /** It was not alone. */
  readonly wasDisturbed: boolean
}

/** There are tapes for requests alone. */
function withoutTape(effect: Effect): Effect {
  return effect.access === 'taped' ? { ...effect, access: 'unknown' } : effect
}

function failureOf(
  answer: number | 'failed' | 'timeout',
  hasThrown: boolean,
): 'status-changed' | 'failed' | 'timed-out' {
  if (answer === 'timeout' && !hasThrown) return 'timed-out'
  return hasThrown || typeof answer !== 'number' ? 'failed' : 'status-changed'
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
