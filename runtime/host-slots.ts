import { linkSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { guardLimits, parseProcessIdentity } from '../formats/guard-state.ts'
import { sha256 } from '../formats/hash.ts'
import { readTail } from './careful-files.ts'
import { fateOf, ownIdentity, type ProcessIdentity } from './process-identity.ts'

/** Nobody rehearses for so long. */
const longestMs = 10 * 60_000
/** What is older was left by a container that has no successor. */
const forgottenMs = 24 * 60 * 60_000

/** One of the places that the processes of a host share. */
export interface HostSlot {
  /** Gives it back. Never throws. */
  release(): void
}

/**
 * A number of places for the processes of one host that share a folder: `prewarm.<host>-<n>.slot`, a one-line file that
 * only one process can create. Who holds it is told by process id and start time, so that the slot of a process that was killed is
 * free at once and no clock is asked. `<host>` stands for host name, running kernel and namespace of process ids: containers cannot
 * see each other's processes, so each has slots of its own.
 */
export class HostSlots {
  readonly #folder: string
  readonly #count: number
  readonly #own: ProcessIdentity
  readonly #line: string
  readonly #prefix: string
  /** Slots that nobody was named in when they were last looked at: their holders may have been about to. */
  readonly #nameless = new Set<string>()

  /** @param folder - absolute path, of a folder that exists */
  constructor(folder: string, count: number, own: ProcessIdentity = ownIdentity()) {
    this.#folder = folder
    this.#count = count
    this.#own = own
    this.#line = `${JSON.stringify(own)}\n`
    const host = sha256([own.host, own.boot, own.namespace].join('\n'))
    this.#prefix = `prewarm.${host.slice(0, 12)}-`
  }

  /** Undefined: all are taken. Throws where the folder cannot be written to. */
  take(): HostSlot | undefined {
    for (let number = 1; number <= this.#count; number++) {
      const file = path.join(this.#folder, `${this.#prefix}${number}.slot`)
      if (!this.#create(file) && !(this.#vacate(file) && this.#create(file))) continue
      this.#sweep()
      return {
        release: () => {
          attempt(() => {
            // Somebody who could not see this process may have taken it over.
            if (read(file) === this.#line) rmSync(file)
          })
        },
      }
    }
    return undefined
  }

  /** False: it is there already. It comes to be with its holder in it, so that nobody finds it without one. */
  #create(file: string): boolean {
    const draft = `${file}.${process.pid}.new`
    try {
      writeFileSync(draft, this.#line, { mode: 0o644 })
      linkSync(draft, file)
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
      throw error
    } finally {
      rmSync(draft, { force: true })
    }
  }

  /**
   * Takes away the slot of a process that is gone. Of several that try, each moves the file aside and looks at what it has got:
   * one that has been taken anew in between is put back.
   */
  #vacate(file: string): boolean {
    const seen = readIfThere(file)
    // It was given back just now.
    if (seen === undefined) return true
    if (seen === null || !this.#isLeft(file, seen)) return false
    const aside = `${file}.${process.pid}`
    return (
      attempt(() => {
        renameSync(file, aside)
        const isSame = read(aside) === seen
        if (!isSame)
          attempt(() => {
            linkSync(aside, file)
          })
        rmSync(aside, { force: true })
        return isSame
      }) ?? false
    )
  }

  #isLeft(file: string, text: string): boolean {
    const holder = parseProcessIdentity(text)
    if (holder !== undefined) {
      this.#nameless.delete(file)
      if (fateOf(holder, this.#own) === 'gone') return true
      // Where no start time tells processes apart, another one may have its number by now.
      return holder.startTicks === null && isOlderThan(longestMs, file)
    }
    if (this.#nameless.has(file)) return true
    this.#nameless.add(file)
    return false
  }

  /** Containers that were killed leave theirs behind, under names that nobody has again. */
  #sweep(): void {
    attempt(() => {
      for (const name of readdirSync(this.#folder)) {
        if (!/^prewarm\.[0-9a-f]{12}-\d+\.slot/.test(name) || name.startsWith(this.#prefix))
          continue
        const file = path.join(this.#folder, name)
        if (isOlderThan(forgottenMs, file)) rmSync(file, { force: true })
      }
    })
  }
}

function read(file: string): string {
  return readTail(file, guardLimits.markerBytes)
}

/**
 * Undefined: it is not there; null: it is another user's and cannot be read. Throws when that has been so for too long: then
 * there are no turns to be had.
 */
function readIfThere(file: string): string | null | undefined {
  try {
    return read(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    if (isOlderThan(longestMs, file)) throw error
    return null
  }
}

function isOlderThan(ms: number, file: string): boolean {
  return Date.now() - statSync(file).mtimeMs > ms
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
