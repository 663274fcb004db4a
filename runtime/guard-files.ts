import {
  closeSync,
  constants,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  unlink,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { messageOf } from '../formats/errors.ts'
import {
  formatGuardEvent,
  guardLimits,
  parseGuardEvents,
  parseStartMarker,
  withoutHistory,
  type GuardEvent,
  type GuardFact,
  type StartKind,
  type StartMarker,
} from '../formats/guard-state.ts'
import { careful, readTail, statOf } from './careful-files.ts'
import { fateOf, ownIdentity, type Fate, type ProcessIdentity } from './process-identity.ts'

export interface FoundMarker {
  readonly file: string
  readonly marker: StartMarker
  readonly fate: Fate
}

/**
 * The files of the guard for one profile. Nothing in here throws: a folder that is missing, full, read-only or holds
 * something else costs the memory of the guard and nothing more, and `trouble` says so.
 */
export class GuardFiles {
  readonly log: string
  readonly #folder: string
  readonly #prefix: string
  readonly #digest: string
  #identity: ProcessIdentity | undefined
  #trouble: string | undefined

  /**
   * @param profile - absolute path
   * @param stateDir - undefined: the folder of the profile
   */
  constructor(profile: string, stateDir: string | undefined, digest: string) {
    this.#folder = stateDir ?? path.dirname(profile)
    const name = `${path.basename(profile)}.guard`
    this.log = path.join(this.#folder, `${name}.jsonl`)
    // Other profiles may have the same name, and share the folder.
    this.#prefix = `${name}.${digest.slice(0, 16)}.`
    this.#digest = digest
  }

  /** The first thing that went wrong; undefined: nothing did. */
  get trouble(): string | undefined {
    return this.#trouble
  }

  read(): GuardEvent[] {
    const text = this.#attempt(() => {
      try {
        return readTail(this.log, guardLimits.readBytes)
      } catch (error) {
        // That is how most profiles live.
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
        throw error
      }
    })
    return parseGuardEvents(text ?? '')
  }

  /** @param who - it happened to; absent: this process */
  event(fact: GuardFact, who: Pick<ProcessIdentity, 'pid' | 'host'> = this.#own()): GuardEvent {
    const { pid, host } = who
    const at = new Date().toISOString()
    return { ...fact, profile: this.#digest, at, pid, host, node: process.version }
  }

  /** The event, whether it could be written or not. */
  append(fact: GuardFact, who?: Pick<ProcessIdentity, 'pid' | 'host'>): GuardEvent {
    const event = this.event(fact, who)
    this.#attempt(() => {
      if (appendLine(this.log, formatGuardEvent(event)) > guardLimits.fileBytes) this.#rewrite()
    })
    return event
  }

  /** The file of the marker; undefined: it could not be written. */
  mark(start: StartKind): string | undefined {
    const marker: StartMarker = { start, ...this.#own() }
    const nonce = Math.random().toString(16).slice(2, 10)
    const file = path.join(this.#folder, `${this.#prefix}${process.pid}-${nonce}.start`)
    return this.#attempt(() => {
      try {
        writeFileSync(file, `${JSON.stringify(marker)}\n`, { flag: 'wx', mode: 0o600 })
      } catch (error) {
        // On a full disk there may be a file without content.
        rmSync(file, { force: true })
        throw error
      }
      return file
    })
  }

  markers(): FoundMarker[] {
    const names = this.#attempt(() => readdirSync(this.#folder)) ?? []
    return names
      .filter((name) => name.startsWith(this.#prefix) && name.endsWith('.start'))
      .slice(0, guardLimits.markers)
      .flatMap((name) => {
        const file = path.join(this.#folder, name)
        const text = attempt(() => readTail(file, guardLimits.markerBytes))
        const marker = parseStartMarker(text ?? '')
        return marker === undefined ? [] : [{ file, marker, fate: fateOf(marker, this.#own()) }]
      })
  }

  /** True for the one process that took it away. */
  claim(file: string): boolean {
    return attempt(() => (unlinkSync(file), true)) ?? false
  }

  /** The same beside the traffic. */
  async release(file: string): Promise<boolean> {
    return new Promise((resolve) => {
      unlink(file, (error) => {
        resolve(error === null)
      })
    })
  }

  #own(): ProcessIdentity {
    return (this.#identity ??= ownIdentity())
  }

  /** What another process appends meanwhile can be lost; that takes thousands of events to happen. */
  #rewrite(): void {
    const draft = `${this.log}.${process.pid}.tmp`
    try {
      const text = withoutHistory(this.read()).map(formatGuardEvent).join('')
      writeFileSync(draft, text, { mode: 0o600 })
      renameSync(draft, this.log)
    } finally {
      rmSync(draft, { force: true })
    }
  }

  #attempt<T>(action: () => T): T | undefined {
    try {
      return action()
    } catch (error) {
      this.#trouble ??= messageOf(error)
      return undefined
    }
  }
}

/** Length of the file afterwards. One write of a line is one piece, whoever else appends. */
function appendLine(file: string, line: string): number {
  const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | careful
  const descriptor = openSync(file, flags, 0o600)
  try {
    const { size, isFile } = statOf(descriptor)
    if (!isFile) throw new Error(`${file} is not a regular file`)
    const last = Buffer.alloc(1)
    if (size > 0) readSync(descriptor, last, 0, 1, size - 1)
    // Who wrote last may have died in the middle of it.
    const isCut = size > 0 && last.toString() !== '\n'
    const bytes = Buffer.from(isCut ? `\n${line}` : line)
    if (writeSync(descriptor, bytes) < bytes.length) throw new Error(`${file}: the disk is full`)
    return size + bytes.length
  } finally {
    closeSync(descriptor)
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
