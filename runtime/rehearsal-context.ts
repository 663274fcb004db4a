import { AsyncLocalStorage } from 'node:async_hooks'
import type { EffectSink } from './effects/sink.ts'
import { contextOutlivesThrow } from './features.ts'

/**
 * Marks what a rehearsal starts, through all its asynchronous consequences: a connection with its requests, or the loading
 * of late modules. What was created inside, such as a connection pool, keeps the mark for good; so the mark is taken off
 * before clients come.
 */
export class RehearsalScope {
  isActive = true
  /** The work was cut off and may go on: it must not pass for work that a client asked for. */
  isAbandoned = false
  /** Who is told what the work does to the outside; undefined: nobody. */
  readonly sink: EffectSink | undefined

  constructor(sink?: EffectSink) {
    this.sink = sink
  }

  /** It tried what it must not do, and may go on trying, for instance by a timer. */
  get isBarred(): boolean {
    return this.sink?.hasRefused === true
  }

  run<T>(work: () => T): T {
    return storage.run(this, work)
  }
}

const storage = new AsyncLocalStorage<RehearsalScope | undefined>()

export function isRehearsal(): boolean {
  return storage.getStore()?.isActive === true
}

/** The scope of the code that runs now, if clients have not come yet. */
export function currentScope(): RehearsalScope | undefined {
  const scope = storage.getStore()
  return scope?.isActive === true ? scope : undefined
}

/**
 * What goes on in the background after an answer, or was cut off, can still fail after the port is open. Not longer than
 * this: if it has created what clients use too, their errors are taken for its own meanwhile.
 */
const aftermathMs = 5_000

/**
 * From `open` until some time after `close`, uncaught errors and unhandled rejections of what a rehearsal has started stay
 * inside, and for good when it has tried what it must not do; `process.exit` only of marked work, since a real shutdown may
 * come by a connection that a rehearsal has made. May be opened again after `close`.
 */
export class RehearsalContext {
  readonly #undo: (() => void)[] = []
  readonly #scopes: RehearsalScope[] = []
  #failures = 0
  #strayFailures = 0
  #isOpen = false
  #watchesExit = false
  #aftermath: NodeJS.Timeout | undefined

  /** Errors contained so far. */
  get failures(): number {
    return this.#failures
  }

  /** Those of them that no sink was told of. */
  get strayFailures(): number {
    return this.#strayFailures
  }

  /** To be called before the application is loaded, which may keep `process.exit` under a name of its own. */
  watchExit(): void {
    if (this.#watchesExit) return
    this.#wrap(process, 'exit', (original) => {
      const contain = this.#contain
      return function exit(this: unknown, ...args: unknown[]): unknown {
        if (!isRehearsal()) return original.apply(this, args)
        contain('process.exit()')
        throw new Error('prewarm: process.exit() inside a rehearsal')
      }
    })
    this.#watchesExit = true
  }

  /** Throws where the application has made `process` read-only. */
  open(): void {
    clearTimeout(this.#aftermath)
    this.watchExit()
    if (this.#isOpen) return
    const contain = this.#contain
    this.#wrap(
      process,
      'emit',
      (emit) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const [event, error] = args
          const isError = event === 'uncaughtException' || event === 'unhandledRejection'
          // Monitors are told of an uncaught exception before anybody else.
          const isOurs = isError || event === 'uncaughtExceptionMonitor'
          if (!isOurs || storage.getStore() === undefined) return emit.apply(this, args)
          if (isError)
            contain(`${event === 'uncaughtException' ? 'uncaught' : 'unhandled'} ${nameOf(error)}`)
          if (event === 'uncaughtException' && contextOutlivesThrow) storage.enterWith(undefined)
          return true
        },
    )
    // On Node 20 and 22 an error thrown in a microtask comes out without its context.
    this.#wrap(
      globalThis,
      'queueMicrotask',
      (queue) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const [task] = args
          if (typeof task !== 'function' || storage.getStore() === undefined)
            return queue.apply(this, args)
          return queue.call(this, () => {
            try {
              ;(task as () => void)()
            } catch (error) {
              contain(`uncaught ${nameOf(error)}`)
            }
          })
        },
    )
    this.#isOpen = true
  }

  scope(sink?: EffectSink): RehearsalScope {
    const scope = new RehearsalScope(sink)
    this.#scopes.push(scope)
    return scope
  }

  /** What the code that runs now starts from here on belongs to `scope`. */
  enter(scope: RehearsalScope): void {
    storage.enterWith(scope)
  }

  /**
   * Clients may come: only what was cut off, or has tried what it must not do, is still marked. Never throws.
   *
   * @param onEnd - called once nothing is marked any more, unless it is opened again before
   */
  close(onEnd: () => void = () => undefined): void {
    for (const scope of this.#scopes) scope.isActive = scope.isAbandoned || scope.isBarred
    clearTimeout(this.#aftermath)
    this.#aftermath = setTimeout(() => {
      if (this.#end()) onEnd()
    }, aftermathMs).unref()
  }

  readonly #contain = (what: string): void => {
    this.#failures++
    const sink = storage.getStore()?.sink
    if (sink?.failed === undefined) this.#strayFailures++
    else sink.failed(what)
  }

  /** False: something is barred, and stays so. */
  #end(): boolean {
    for (const scope of this.#scopes) scope.isActive = scope.isActive && scope.isBarred
    const barred = this.#scopes.filter(({ isActive }) => isActive)
    this.#scopes.splice(0, Infinity, ...barred)
    // A timer that was refused to write would write from now on.
    if (barred.length > 0) return false
    for (const undo of this.#undo.splice(0)) undo()
    this.#isOpen = false
    this.#watchesExit = false
    storage.disable()
    return true
  }

  #wrap(owner: object, name: string, wrap: (original: Method) => Method): void {
    const target = owner as Record<string, Method>
    const original = target[name]
    if (original === undefined) return
    const before = Object.getOwnPropertyDescriptor(target, name)
    const wrapper = wrap(original)
    target[name] = wrapper
    this.#undo.push(() => {
      // Somebody who wrapped it in turn meanwhile keeps a wrapper that passes everything on.
      if (target[name] !== wrapper) return
      if (before === undefined) Reflect.deleteProperty(target, name)
      else Reflect.defineProperty(target, name, before)
    })
  }
}

/** `TypeError`, `Error ECONNREFUSED`. */
function nameOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown
  const { name, code } = thrown as NodeJS.ErrnoException
  return [name, code ?? ''].map(String).join(' ').trim().slice(0, 100)
}

type Method = (this: unknown, ...args: unknown[]) => unknown
