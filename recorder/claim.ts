import { closeSync, openSync, rmSync } from 'node:fs'

/** Set by the first process of a tree that records, for all below it. */
const rootVariable = 'PREWARM_RECORDER_PID'

/**
 * Which process of a tree writes to the name that was asked for; the others add their process id to it.
 *
 * With `npm start` the first process is npm, and the service is somewhere below. Environment variables only reach
 * downwards, but processes must also agree with their parents and with each other: hence an empty file beside the
 * profile that only one of them can create. It stays until the first process of the tree ends or is told to, so that a
 * worker that is started later does not overwrite what an earlier one has written. A killed one leaves it behind; then
 * the next first process, which has nobody below it yet, removes it.
 */
export class NameClaim {
  /** Whether no process above this one is recording. */
  readonly isRoot: boolean
  readonly #file: string | undefined
  #isTaken: boolean | undefined

  /** @param out - absolute template of the profile's name; with `{pid}` in it there is nothing to share */
  constructor(out: string) {
    this.isRoot = process.env[rootVariable] === undefined
    process.env[rootVariable] ??= String(process.pid)
    this.#file = out.includes('{pid}') ? undefined : `${out}.claim`
    this.release()
  }

  /** Whether the name belongs to this process: to the first that asks. */
  take(): boolean {
    return (this.#isTaken ??= this.#file === undefined || create(this.#file))
  }

  /** Ends all claims, if this is the first process of the tree. */
  release(): void {
    if (!this.isRoot || this.#file === undefined) return
    try {
      rmSync(this.#file, { force: true })
    } catch {
      // The folder cannot be written to, which is told when the profile cannot be written either.
    }
  }
}

function create(file: string): boolean {
  try {
    closeSync(openSync(file, 'wx', 0o600))
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EEXIST'
  }
}
