import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Marks what a rehearsal starts, through all its asynchronous consequences. A scope is one object whose flag is cleared
 * when its work is done: a singleton that was created lazily inside keeps the object for good, but it no longer counts.
 */
interface Scope {
  active: boolean
}

const storage = new AsyncLocalStorage<Scope>()

export function isRehearsal(): boolean {
  return storage.getStore()?.active === true
}

/** Work that was cut off goes on by itself; this long it stays marked and contained. */
const abandonedMs = 60_000

/**
 * While it is open, uncaught errors, unhandled rejections and `process.exit` of marked work stay inside. Work that was
 * cut off can still fail after the port is open, so the containment ends only when that is over too.
 */
export class RehearsalContext {
  readonly #undo: (() => void)[] = []
  readonly #abandoned: Scope[] = []
  #failures = 0

  /** Errors contained so far. */
  get failures(): number {
    return this.#failures
  }

  open(): void {
    const contain = (): void => {
      this.#failures++
    }
    this.#wrap(
      process,
      'emit',
      (emit) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const isError = args[0] === 'uncaughtException' || args[0] === 'unhandledRejection'
          if (!isError || !isRehearsal()) return emit.apply(this, args)
          contain()
          return true
        },
    )
    this.#wrap(
      process,
      'exit',
      (exit) =>
        function (this: unknown, ...args: unknown[]): unknown {
          if (!isRehearsal()) return exit.apply(this, args)
          contain()
          throw new Error('prewarm: process.exit() inside a rehearsed request')
        },
    )
    // On Node 20 and 22 an error thrown in a microtask comes out without its context.
    this.#wrap(
      globalThis,
      'queueMicrotask',
      (queue) =>
        function (this: unknown, ...args: unknown[]): unknown {
          const [task] = args
          if (typeof task !== 'function' || !isRehearsal()) return queue.apply(this, args)
          return queue.call(this, () => {
            try {
              ;(task as () => void)()
            } catch {
              contain()
            }
          })
        },
    )
  }

  scope(): RehearsalScope {
    return new RehearsalScope((scope) => {
      this.#abandoned.push(scope)
    })
  }

  close(): void {
    if (this.#abandoned.length === 0) this.#end()
    else {
      setTimeout(() => {
        for (const scope of this.#abandoned) scope.active = false
        this.#end()
      }, abandonedMs).unref()
    }
  }

  #end(): void {
    for (const undo of this.#undo) undo()
    storage.disable()
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
      else Object.defineProperty(target, name, before)
    })
  }
}

/** One piece of marked work: a connection with its requests, or the loading of late modules. */
export class RehearsalScope {
  readonly #scope: Scope = { active: true }
  readonly #onAbandon: (scope: Scope) => void
  #isAbandoned = false

  constructor(onAbandon: (scope: Scope) => void) {
    this.#onAbandon = onAbandon
  }

  run<T>(work: () => T): T {
    return storage.run(this.#scope, work)
  }

  /** The work was cut off and may go on: it must not pass for work that a client asked for. */
  abandon(): void {
    if (this.#isAbandoned) return
    this.#isAbandoned = true
    this.#onAbandon(this.#scope)
  }

  /** The work is done, unless it was abandoned. */
  end(): void {
    if (!this.#isAbandoned) this.#scope.active = false
  }
}

type Method = (this: unknown, ...args: unknown[]) => unknown
