import { errorMonitor, type EventEmitter } from 'node:events'
import type net from 'node:net'
import v8 from 'node:v8'
import type { Reason } from '../formats/reasons.ts'
import type { RunReport, WorkCounts } from '../formats/report.ts'
import type { ServerIdentity } from '../runtime/http-servers.ts'
import { Budget } from './budget.ts'
import { selectCases } from './cases.ts'
import { CodeCache } from './code-cache/code-cache.ts'
import type { Config } from './config.ts'
import {
  completeEffectHooks,
  installEffectHooks,
  restEffectHooks,
} from '../runtime/effects/hooks.ts'
import { closeTape } from '../runtime/effects/outbound.ts'
import { watchEffects } from '../runtime/effects/sink.ts'
import { currentScope, isRehearsal, RehearsalContext } from '../runtime/rehearsal-context.ts'
import { OutboundConnections } from './connections.ts'
import { stopEntering } from '../runtime/stream-context.ts'
import { RehearsalHeader } from '../runtime/rehearsal-header.ts'
import { announceEarly } from './early-listening.ts'
import { Gate, type HeldServer } from './gate.ts'
import type { Guard } from './guard/guard.ts'
import { loadLateModules } from './late-modules.ts'
import { LoadPack } from './load/load-pack.ts'
import { renewPack } from './load/renew-pack.ts'
import type { Plan } from './plan.ts'
import { refusalOf } from './preflight.ts'
import { rehearse } from './rehearse.ts'
import type { ResourceRegistry } from './resource-registry.ts'
import { noWork, RunRecord } from './run-report.ts'
import { abortOnSignals } from './stop-signals.ts'
import { hasModuleHooks } from '../runtime/module-hooks.ts'
import { TierUp } from './tier-up/tier-up.ts'
import { Turns } from './turns.ts'
import { Wave } from './wave.ts'
import { Work, type WorkToRehearse } from './work.ts'

export interface ReplayEvents {
  onRehearsing(detail: string): void
  /** The port is held, or a rehearsal of work asked for, and other processes of the host come first. */
  onTurnAwaited(): void
  /**
   * Before each round of requests to a server, and after its last one.
   *
   * @param rounds - so far, over all servers
   * @param part - of what there is to do for this server, from 0 to 1
   */
  onProgress(rounds: number, part: number): void
  /** Work has been rehearsed before anything listens. */
  onWaiting(): void
  onOpen(report: RunReport): void
  /** A command ends. */
  onEnd(report: RunReport): void
  /** Work has been rehearsed after that, or the guard has found something out. */
  onMore(report: RunReport): void
}

/** How long a server that was recorded may keep others waiting for the report after they have opened. */
const missingServerMs = 30_000
const portIsHeld = 'The port is held.'
/** How long a process that is verified may take from one rehearsal of work to the next one. */
const nextWorkMs = 1_000

/** Stages 1 to 6 of one process: from a profile that fits to an open port, or to work that may begin. The guard is stage 7. */
export class Replay {
  readonly #plan: Plan
  readonly #config: Config
  readonly #record: RunRecord
  readonly #resources: ResourceRegistry
  readonly #guard: Guard
  readonly #events: ReplayEvents
  readonly #codeCache: CodeCache
  readonly #beforeCompile: (() => void) | undefined
  #pack: LoadPack | undefined
  readonly #context = new RehearsalContext()
  readonly #connections = new OutboundConnections()
  readonly #mark: RehearsalHeader | undefined
  #tierUp: TierUp | undefined
  readonly #work: Work
  /** What contains one rehearsal, and tells its failures, is for one at a time. */
  readonly #turns = new Turns()
  readonly #wave: Wave
  /** Ends the rehearsals of work that were asked for so far. */
  #workStop = new AbortController()
  #nextWork: NodeJS.Timeout | undefined
  readonly #held: HeldServer[] = []
  /** Servers of a process that is verified that would open at once. */
  readonly #unopened = new WeakSet<ServerIdentity>()
  /** Servers of the profile that were asked for anything, by index, and have not been told to listen yet. */
  readonly #missing: Set<number>
  #isWaiting = false
  #isOver = false
  #isFinished = false

  constructor(
    plan: Plan,
    config: Config,
    record: RunRecord,
    resources: ResourceRegistry,
    guard: Guard,
    events: ReplayEvents,
  ) {
    this.#plan = plan
    this.#config = config
    this.#record = record
    this.#resources = resources
    this.#guard = guard
    this.#events = events
    this.#tierUp = TierUp.open(plan, config, guard.standing, record.tierUp)
    const beforeCompile = (): void => this.#tierUp?.beforeCompile()
    // Where there are hooks for it the stage itself sees modules come.
    const isToldBefore = this.#tierUp !== undefined && !hasModuleHooks
    this.#beforeCompile = isToldBefore ? beforeCompile : undefined
    this.#codeCache = new CodeCache(record.codeCache, this.#beforeCompile)
    this.#mark = config.header === undefined ? undefined : new RehearsalHeader(config.header)
    this.#work = new Work(plan, config, this.#context)
    this.#wave = new Wave(config)
    this.#missing = new Set(plan.outline.routes.map(({ server }) => server))
    if (plan.lock === undefined) return
    record.rehearsal.skip('requests', 'PROFILE_LOCKED')
    record.stopRehearsal('PROFILE_LOCKED')
  }

  /** Whether a request was sent by the rehearsal that goes on, told by the header that the application wants for it. */
  isMarked(request: object): boolean {
    return this.#mark?.isOn(request) ?? false
  }

  start(): void {
    this.#record.time('load', () => {
      this.#pack = LoadPack.open(this.#plan, this.#config, this.#record, this.#beforeCompile)
    })
    this.#record.time('codecache', () => {
      this.#codeCache.install(this.#plan, this.#config, this.#pack)
    })
    if (this.#plan.isCommand) this.#reportAtExit()
    else this.#prepareRehearsal()
    const gate = new Gate(
      (identity) => this.#mustHold(identity),
      (held) => {
        this.#hold(held)
      },
    )
    if (!gate.install()) this.#finish('NO_GATE')
  }

  /** What the application may keep under names of its own has to be wrapped before it is loaded. */
  #prepareRehearsal(): void {
    this.#context.watchExit()
    if (this.#config.budgetMs === 0) return
    installEffectHooks()
    watchEffects(() => currentScope()?.sink)
  }

  #reportAtExit(): void {
    process.once('exit', () => {
      if (this.#isFinished) return
      this.#isFinished = true
      this.#guarded(() => {
        this.#codeCache.count()
      })
      const { appId } = this.#plan.meta
      this.#events.onEnd(this.#record.applied(appId, this.#work.summary()))
    })
  }

  /** Never rejects. */
  rehearseWork(work: WorkToRehearse): Promise<WorkCounts> {
    const { signal } = this.#workStop
    // Else it would wait for the rehearsal that waits for it.
    if (isRehearsal()) return Promise.resolve(noWork)
    return this.#turns.take(() => this.#rehearseWork(work, signal)).catch(() => noWork)
  }

  async #rehearseWork(work: WorkToRehearse, asLongAs: AbortSignal): Promise<WorkCounts> {
    const stop = new AbortController()
    const stopListening = abortOnSignals(stop)
    const signal = AbortSignal.any([asLongAs, stop.signal])
    try {
      this.#readProfile()
    } catch (error) {
      this.#record.stopRehearsal(refusalOf(error).reason)
    }
    if (this.#work.isRecorded(work.name)) await this.#enterWave(signal)
    if (!this.#isFinished) this.#events.onRehearsing('Recorded calls are repeated.')
    const start = performance.now()
    const counts = await this.#work.rehearse(work, signal, {
      before: (budget) => this.#beforeWork(budget),
      after: () => this.#putInOrder(),
      onEnd: () => {
        // A server that is still to come needs to know what went over the sockets meanwhile.
        if (this.#isFinished) restEffectHooks()
      },
    })
    this.#record.addStage('rehearse', performance.now() - start)
    this.#wave.leave()
    stopListening()
    if (this.#isFinished) this.#events.onMore(this.#report())
    // What never listened in staging does not wait for a port.
    else if (this.#plan.meta.listenMs === null) this.#finishWork()
    else if (!this.#isOver) this.#events.onWaiting()
    return counts
  }

  #finishWork(): void {
    clearTimeout(this.#nextWork)
    if (this.#config.verify === undefined || this.#work.isComplete) {
      this.#finish(undefined)
      return
    }
    this.#nextWork = setTimeout(() => {
      this.#finish(undefined)
    }, nextWorkMs)
  }

  /** Resources are for the port if one is to come, else for the first work. */
  async #beforeWork(budget: Budget): Promise<Reason | undefined> {
    watchEffects(() => currentScope()?.sink)
    await completeEffectHooks()
    if (this.#config.connections === 'close') this.#connections.watch()
    if (this.#plan.meta.listenMs !== null) return undefined
    const failure = await this.#resources.prepare(budget)
    if (failure === undefined) return undefined
    this.#record.resourceFailed(failure)
    return 'RESOURCE_FAILED'
  }

  #mustHold(identity: ServerIdentity): boolean {
    const isRehearsed = this.#mustRehearse(identity)
    if (isRehearsed || this.#config.verify === undefined) return isRehearsed
    this.#unopened.add(identity)
    return true
  }

  #mustRehearse(identity: ServerIdentity): boolean {
    if (this.#isOver) return false
    const index = this.#recordedServer(identity)
    if (index !== undefined) this.#missing.delete(index)
    const isWanted = index !== undefined || this.#mayWaitForModules()
    if (isWanted && this.#config.budgetMs > 0) return true
    if (this.#held.length === 0) this.#passWithoutRehearsal()
    return false
  }

  /** Without the requests nobody knows which server they were for; there are still modules to load before it opens. */
  #mayWaitForModules(): boolean {
    return this.#plan.lock !== undefined && this.#plan.modules.some(({ phase }) => phase === 'late')
  }

  /** Index in the profile of the server, if it was asked for anything there. */
  #recordedServer(identity: ServerIdentity): number | undefined {
    const { servers, routes } = this.#plan.outline
    const index = servers.findIndex(
      ({ kind, ordinal }) => kind === identity.kind && ordinal === identity.ordinal,
    )
    return routes.some(({ server }) => server === index) ? index : undefined
  }

  /** A server listens that need not be held. Unless one is still to come that must be, that was all. */
  #passWithoutRehearsal(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    const isLast = this.#config.budgetMs === 0 || this.#missing.size === 0
    const timer = setTimeout(
      () => {
        if (this.#held.length > 0) return
        this.#finish(this.#config.budgetMs === 0 ? 'BUDGET_SPENT' : 'NO_SERVER')
      },
      isLast ? 0 : missingServerMs,
    )
    // A server that is not opened does not keep the process.
    if (this.#config.verify === undefined) timer.unref()
  }

  #hold(held: HeldServer): void {
    if (this.#unopened.has(held.identity)) {
      // What the application does next may wait for it.
      setImmediate(() => held.server.emit('listening'))
      return
    }
    this.#held.push(held)
    if (this.#config.listening === 'before') announceEarly(held)
    if (this.#held.length > 1) return
    this.#guard.held()
    const stop = new AbortController()
    const budget = new Budget(this.#config.budgetMs, stop.signal)
    this.#workStop.abort()
    this.#workStop = new AbortController()
    // A handle that is bound but does not listen does not keep the process alive.
    const keepAlive = setInterval(() => undefined, 60_000)
    this.#events.onRehearsing(portIsHeld)
    // What follows listen() in the same turn still belongs to the start of the application.
    setImmediate(() => {
      const turn = this.#turns.take(() => this.#prepare(budget, stop))
      void turn.then(() => {
        clearInterval(keepAlive)
        this.#open()
      })
    })
  }

  /** Never rejects. */
  async #prepare(budget: Budget, stop: AbortController): Promise<void> {
    const stopListening = abortOnSignals(stop)
    const hasWaited = await budget.aside(this.#enterWave(stop.signal))
    if (hasWaited) this.#events.onRehearsing(portIsHeld)
    try {
      this.#readProfile()
      this.#context.open()
      if (this.#config.connections === 'close') this.#connections.watch()
      await this.#record.timeAsync('preload', () =>
        loadLateModules(this.#plan, budget, this.#context, this.#record.preload),
      )
      await this.#record.timeAsync('rehearse', async () => {
        await completeEffectHooks()
        await this.#rehearseAll(budget)
      })
    } catch (error) {
      this.#record.stopRehearsal(refusalOf(error).reason)
    }
    this.#guarded(() => this.#tierUp?.finish(this.#record.tierUp))
    await this.#record.timeAsync('settle', () => this.#settle())
    this.#wave.leave()
    stopListening()
  }

  /** What an earlier start knew of it did until now. Throws `ERR_PREWARM_FMT_*` if it is not that profile any more. */
  #readProfile(): void {
    if (!this.#plan.isKnown) return
    this.#record.time('preflight', () => {
      this.#plan.decode()
    })
  }

  /** Whether others came first. Never rejects. */
  async #enterWave(stop: AbortSignal): Promise<boolean> {
    let begin: number | undefined
    const turn = await this.#wave.enter(stop, () => {
      begin = performance.now()
      if (!this.#isFinished) this.#events.onTurnAwaited()
    })
    if (begin !== undefined) this.#record.addStage('wait', performance.now() - begin)
    if (turn === 'late') this.#record.waveWasFull()
    return begin !== undefined
  }

  /** Stage 5. Never rejects. */
  async #settle(): Promise<void> {
    await this.#putInOrder()
    this.#context.close(restEffectHooks)
    closeTape()
    this.#mark?.expire()
    stopEntering()
    this.#record.flagsRestored = v8.cachedDataVersionTag() === this.#plan.tag
  }

  /** What a rehearsal has opened and changed. All that it waits for is still marked as rehearsal. Never rejects. */
  async #putInOrder(): Promise<void> {
    try {
      await this.#context.scope().run(() => this.#connections.close())
      await closeEvents()
      for (const failure of await this.#resources.settle()) this.#record.resourceFailed(failure)
    } catch {
      this.#record.stopRehearsal('INTERNAL_ERROR')
    }
  }

  /** More servers may join while one is being rehearsed; those that are there share what is left of the budget. */
  async #rehearseAll(budget: Budget): Promise<void> {
    const units = this.#record.rehearsal
    const failure = await this.#resources.prepare(budget)
    if (failure !== undefined) this.#record.resourceFailed(failure)
    for (const [index, held] of this.#held.entries()) {
      const recorded = this.#recordedServer(held.identity)
      if (recorded === undefined) continue
      const routes = selectCases(this.#plan, recorded, this.#config.policy, units, this.#mark)
      const obstacle = failure === undefined ? obstacleTo(held, budget) : 'RESOURCE_FAILED'
      if (obstacle !== undefined) {
        for (const { name } of routes.flatMap(({ cases }) => cases)) units.skip(name, obstacle)
        this.#record.stopRehearsal(obstacle)
        continue
      }
      const closed = new AbortController()
      const onClose = (): void => {
        closed.abort()
      }
      held.server.once('close', onClose)
      const limits = {
        budget: budget.share(1 / (this.#held.length - index), closed.signal),
        maxRounds: this.#config.maxRounds,
        beforeRound: (rounds: number) => {
          this.#steer(rounds, budget)
        },
      }
      try {
        this.#record.addRehearsal(await rehearse(held, routes, this.#context, limits, units))
        this.#events.onProgress(this.#record.rounds, 1)
      } catch {
        this.#record.stopRehearsal('INTERNAL_ERROR')
      } finally {
        held.server.off('close', onClose)
      }
    }
  }

  /** What must neither end the rehearsal nor keep the port closed. */
  #guarded(steering: () => void): void {
    try {
      steering()
    } catch (error) {
      this.#record.stopRehearsal(refusalOf(error).reason)
    }
  }

  #steer(rounds: number, budget: Budget): void {
    const { budgetMs, maxRounds } = this.#config
    const remainingMs = budget.remainingMs()
    const part = Math.max(1 - remainingMs / budgetMs, rounds / maxRounds)
    this.#events.onProgress(this.#record.rounds + rounds, part)
    const servers = this.#held.map(({ server }) => server)
    this.#guarded(() => this.#tierUp?.beforeRound({ rounds, part, remainingMs }, servers))
  }

  #open(): void {
    this.#isOver = true
    if (this.#config.verify !== undefined) {
      this.#finish(undefined)
      return
    }
    const start = performance.now()
    const opening = this.#held.map((held) => whenListening(held))
    for (const held of this.#held) {
      try {
        held.open()
      } catch {
        this.#record.stopRehearsal('INTERNAL_ERROR')
      }
    }
    void Promise.all(opening)
      .then(() => {
        this.#record.addStage('open', performance.now() - start)
        this.#finish(undefined)
      })
      // The port is open; there is only the report to be lost.
      .catch(() => undefined)
  }

  #finish(reason: Reason | undefined): void {
    this.#isOver = true
    this.#isFinished = true
    if (reason !== undefined) {
      this.#record.stopRehearsal(reason)
      this.#guarded(() => this.#tierUp?.finish(this.#record.tierUp))
      void this.#turns.take(() => {
        this.#context.close(restEffectHooks)
      })
      this.#mark?.expire()
    }
    this.#record.opened()
    this.#guard.opened(this.#tierUp?.watched() ?? [], this.#tierUp?.natives, () => {
      this.#events.onMore(this.#report())
    })
    // It holds on to closures, and to what was seen on the way to them.
    this.#tierUp = undefined
    const { listenMs } = this.#plan.meta
    if (this.#config.verify !== undefined || listenMs === null) this.#tell()
    else {
      // Whoever waits for the port goes first: modules are looked at, and what is reported may have to be decoded.
      setImmediate(() => {
        this.#tell()
      })
    }
  }

  #tell(): void {
    this.#guarded(() => {
      this.#codeCache.count()
      this.#pack?.release()
      renewPack(this.#plan, this.#config, this.#pack)
    })
    this.#guarded(() => {
      this.#countMissing()
      if (this.#plan.outline.hasWork) this.#readProfile()
    })
    this.#events.onOpen(this.#report())
    // The hooks stay, and with them this object: the profile must not.
    this.#plan.release()
  }

  /** Requests to servers that never listened. */
  #countMissing(): void {
    if (this.#missing.size === 0) return
    for (const { server, method, exemplars } of this.#plan.requests.routes) {
      if (!this.#missing.has(server)) continue
      for (const { url } of exemplars) {
        this.#record.rehearsal.skip(`${method} ${url}`, 'NO_SUCH_SERVER')
      }
    }
  }

  #report(): RunReport {
    return this.#record.applied(this.#plan.meta.appId, this.#work.summary(), this.#plan.lock)
  }
}

/** Resolves when the server listens, or never will. Only watches: an error still needs a listener of the application. */
function whenListening({ server, isClosed }: HeldServer): Promise<void> {
  if (isClosed()) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      for (const event of events) emitter.off(event, done)
      resolve()
    }
    const emitter: EventEmitter = server
    const events: readonly (string | symbol)[] = ['listening', errorMonitor, 'close']
    for (const event of events) emitter.on(event, done)
  })
}

/**
 * Sockets that were destroyed tell so in the next turns of the event loop, one more for each layer around them (TLS), and
 * what counts connections hears of it then.
 */
async function closeEvents(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

/** What a TLS server leaves visible of its options. */
interface TlsOptions extends net.Server {
  readonly requestCert?: boolean
  readonly rejectUnauthorized?: boolean
}

function obstacleTo(held: HeldServer, budget: Budget): Reason | undefined {
  if (budget.stop.aborted || held.isClosed()) return 'ABORTED'
  const { requestCert, rejectUnauthorized } = held.server as TlsOptions
  const wantsCertificate = requestCert === true && rejectUnauthorized !== false
  if (wantsCertificate) return 'PROTOCOL'
  return budget.isOver() ? 'BUDGET_SPENT' : undefined
}
