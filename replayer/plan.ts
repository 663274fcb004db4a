import type { ProfileFile } from '../formats/codec.ts'
import type {
  Exchange,
  HotFunction,
  LedgerEntry,
  Meta,
  ModuleRecord,
  Requests,
  RouteRecord,
  ServerRecord,
  WorkRecord,
} from '../formats/profile.ts'
import type { App } from '../runtime/app.ts'
import type { Recorded } from './cases.ts'

/** A route without what it was asked. */
export type RouteOutline = Omit<RouteRecord, 'exemplars'>

/** What a start has to know of a profile before the port is held. */
export interface Outline {
  /** Of the profile, by which guard and caches know it again. */
  readonly digest: string
  readonly meta: Meta
  readonly servers: readonly ServerRecord[]
  readonly routes: readonly RouteOutline[]
  readonly hasWork: boolean
  /** Modules with a code cache. */
  readonly cachedModules: number
}

/** What this process is. */
export interface Circumstances {
  readonly app: App
  /** Whether NODE_ENV is another one than in staging. */
  readonly isOtherEnv: boolean
  /** `v8.cachedDataVersionTag()` before anything was done; it must be the same afterwards. */
  readonly tag: number
  /** Why requests and work stay encrypted, and there are none; undefined: they do not. */
  readonly lock: string | undefined
}

/**
 * A profile that fits this process. All but the outline is decoded when it is first asked for, and throws `ERR_PREWARM_FMT_*` or
 * what the file system throws then, if the file is not as it was.
 */
export class Plan implements Recorded {
  readonly outline: Outline
  readonly app: App
  readonly isOtherEnv: boolean
  readonly tag: number
  readonly lock: string | undefined
  /** By an earlier start: the file has not been read yet. */
  readonly isKnown: boolean
  /** In staging it neither listened nor worked: it does what it is told to and ends. There is nothing to rehearse. */
  readonly isCommand: boolean
  #open: (() => ProfileFile) | undefined
  #file: ProfileFile | undefined
  #sections: Sections

  /**
   * @param open - reads and verifies the file
   * @param decoded - what is decoded already; undefined: nothing, and the file is not read before it is needed
   */
  constructor(
    outline: Outline,
    { app, isOtherEnv, tag, lock }: Circumstances,
    open: () => ProfileFile,
    decoded?: Sections,
  ) {
    this.outline = outline
    this.app = app
    this.isOtherEnv = isOtherEnv
    this.tag = tag
    this.lock = lock
    this.isCommand =
      lock === undefined &&
      outline.meta.listenMs === null &&
      outline.routes.length === 0 &&
      !outline.hasWork
    this.#open = open
    this.isKnown = decoded === undefined
    this.#sections = { ...decoded }
  }

  get meta(): Meta {
    return this.outline.meta
  }

  get digest(): string {
    return this.outline.digest
  }

  /** False: to ask for more than the outline takes a while. */
  get isRead(): boolean {
    return !this.isKnown || this.#file !== undefined
  }

  get modules(): readonly ModuleRecord[] {
    return (this.#sections.modules ??= this.read()?.section('modules') ?? [])
  }

  get functions(): readonly HotFunction[] {
    return (this.#sections.functions ??= this.read()?.section('functions') ?? [])
  }

  get requests(): Requests {
    return (this.#sections.requests ??= this.#unlocked()?.section('requests') ?? {
      servers: [],
      routes: [],
    })
  }

  get ledger(): readonly LedgerEntry[] {
    return (this.#sections.ledger ??= this.#unlocked()?.section('ledger') ?? [])
  }

  get tapes(): readonly Exchange[] {
    return (this.#sections.tapes ??= this.#unlocked()?.section('tapes') ?? [])
  }

  get work(): readonly WorkRecord[] {
    if (!this.outline.hasWork) return []
    return (this.#sections.work ??= this.#unlocked()?.section('work') ?? [])
  }

  get codecache(): Uint8Array {
    return this.read()?.codecache ?? new Uint8Array()
  }

  /**
   * Reads what is asked for until the port is open. Where that throws, the plan is empty afterwards: nothing of it is found to be
   * damaged any later.
   */
  decode(): void {
    try {
      const names = ['modules', 'requests', 'ledger', 'tapes', 'work'] as const
      // Each is decoded by being asked for.
      names.forEach((name) => this[name])
    } catch (error) {
      this.release()
      throw error
    }
  }

  /** Undefined: it was released. */
  read(): ProfileFile | undefined {
    return (this.#file ??= this.#open?.())
  }

  /** Whoever holds on to the plan does not hold on to the profile any more: from now on it is empty. */
  release(): void {
    this.#open = undefined
    this.#file = undefined
    this.#sections = {}
  }

  #unlocked(): ProfileFile | undefined {
    return this.lock === undefined ? this.read() : undefined
  }
}

interface Sections {
  modules?: readonly ModuleRecord[]
  functions?: readonly HotFunction[]
  requests?: Requests
  ledger?: readonly LedgerEntry[]
  tapes?: readonly Exchange[]
  work?: readonly WorkRecord[]
}
