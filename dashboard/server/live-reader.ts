import { liveLimits, parseLiveLines, type LiveLine } from '../../formats/live.ts'
import { openFound, readAt } from './safe-file.ts'

/** Of a file that is read at once; the rest follows at once, too, but others get their turn. */
const chunkBytes = 1024 * 1024

const newline = 0x0a

export interface LiveRead {
  readonly lines: readonly LiveLine[]
  /** The file is another one, or was cut off: the lines are its first. */
  readonly isAnew: boolean
  /** There is more to be read. */
  readonly hasMore: boolean
}

/** Reads a file that grows: each time the whole lines that were appended since. */
export class LiveReader {
  readonly #path: string
  #inode: bigint | undefined
  /** After the last whole line that was read. */
  #offset = 0
  #hasRead = false

  constructor(path: string) {
    this.#path = path
  }

  /** Throws `ERR_PREWARM_FMT_UNREADABLE`. */
  async read(): Promise<LiveRead> {
    const handle = await openFound(this.#path)
    try {
      const { size, ino } = await handle.stat({ bigint: true })
      const isAnew = !this.#hasRead || ino !== this.#inode || Number(size) < this.#offset
      if (isAnew) this.#offset = 0
      this.#hasRead = true
      this.#inode = ino
      // Whoever writes stops there; what is longer is something else.
      const end = Math.min(Number(size), liveLimits.fileBytes)
      const wanted = Math.min(chunkBytes, end - this.#offset)
      if (wanted <= 0) return { lines: [], isAnew, hasMore: false }
      const bytes = await readAt(handle, this.#offset, wanted)
      const whole = bytes.lastIndexOf(newline) + 1
      // A chunk without the end of a line is no line that could be understood.
      const isOverlong = whole === 0 && bytes.length === chunkBytes
      this.#offset += isOverlong ? bytes.length : whole
      const text = new TextDecoder().decode(bytes.subarray(0, whole))
      return {
        lines: parseLiveLines(text),
        isAnew,
        hasMore: (whole > 0 || isOverlong) && this.#offset < end,
      }
    } finally {
      await handle.close()
    }
  }
}
