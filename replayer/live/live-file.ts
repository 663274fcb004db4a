import { close, mkdirSync, openSync, write, writeSync } from 'node:fs'
import path from 'node:path'
import { formatLiveLine, liveFileName, liveLimits, type LiveLine } from '../../formats/live.ts'

/** For the line that says so. */
const roomForEnd = 1024

/**
 * The file of this process in a folder that somebody looks at. Lines are kept until they are asked to be written, beside the traffic
 * and one write at a time. Each write has its place in the file, so that the exit of the process can repeat one that it
 * interrupts. Nothing in here throws: what cannot be written ends the file.
 */
export class LiveFile {
  readonly #path: string
  #descriptor: number | undefined
  #waiting = ''
  #underWay: Buffer | undefined
  #position = 0
  #room = liveLimits.fileBytes - roomForEnd
  #isEnding = false
  #hasFailed = false

  /** @param folder - absolute path; made when it is missing */
  constructor(folder: string) {
    this.#path = path.join(folder, liveFileName(performance.timeOrigin, process.pid))
  }

  get hasFailed(): boolean {
    return this.#hasFailed
  }

  /** Before that, lines wait. */
  open(): void {
    try {
      mkdirSync(path.dirname(this.#path), { recursive: true, mode: 0o700 })
      // Never one that is there: another process may have the same id, in another container.
      this.#descriptor = openSync(this.#path, 'wx', 0o600)
    } catch {
      this.#fail()
    }
  }

  /** False: there is no room for it, and the file has to end. */
  add(line: LiveLine): boolean {
    const text = formatLiveLine(line)
    this.#room -= Buffer.byteLength(text)
    if (this.#room < 0) return false
    if (text.length <= liveLimits.lineLength) this.#waiting += text
    return true
  }

  flush(): void {
    const descriptor = this.#descriptor
    if (descriptor === undefined || this.#underWay !== undefined) return
    if (this.#waiting === '') {
      if (this.#isEnding) this.#close()
      return
    }
    const bytes = (this.#underWay = this.#take())
    try {
      write(descriptor, bytes, 0, bytes.length, this.#position, (error, written) => {
        this.#underWay = undefined
        this.#position += written
        if (error !== null || written < bytes.length) this.#fail()
        else if (this.#isEnding) this.flush()
      })
    } catch {
      this.#fail()
    }
  }

  /** The process goes on without it. */
  end(line: LiveLine): void {
    this.#waiting += formatLiveLine(line)
    this.#isEnding = true
    this.flush()
  }

  /** The process exits. */
  endNow(line: LiveLine): void {
    if (this.#descriptor === undefined) return
    this.#waiting += formatLiveLine(line)
    const bytes = Buffer.concat([this.#underWay ?? Buffer.alloc(0), this.#take()])
    try {
      writeSync(this.#descriptor, bytes, 0, bytes.length, this.#position)
    } catch {
      // Nobody is left who could do without it.
    }
  }

  #take(): Buffer {
    const bytes = Buffer.from(this.#waiting)
    this.#waiting = ''
    return bytes
  }

  #fail(): void {
    this.#hasFailed = true
    this.#waiting = ''
    this.#close()
  }

  #close(): void {
    if (this.#descriptor !== undefined) close(this.#descriptor, () => undefined)
    this.#descriptor = undefined
  }
}
