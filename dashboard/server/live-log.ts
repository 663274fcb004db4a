import type { LiveLine } from '../../formats/live.ts'
import type { LiveEvent } from '../api.ts'

/** Of one file. At one line of traffic a second these are more than half an hour. */
const maxLines = 2500

/** Files that are gone, of which late comers are told. */
const maxGone = 100

interface Numbered {
  readonly number: number
  readonly line: LiveLine
}

interface FileLog {
  readonly file: LiveEvent['file']
  /** Number of the event with which it began, the last time. */
  beganAt: number
  lines: Numbered[]
}

/**
 * What has become known of live files, in an order: each change has a number, so that who was away is told what came since.
 * Bounded: of a file that has too many lines the oldest of those go that come again and again.
 */
export class LiveLog {
  readonly #files = new Map<string, FileLog>()
  #gone: { readonly number: number; readonly file: LiveEvent['file'] }[] = []
  #last = 0

  /** Number of the latest change. */
  get last(): number {
    return this.#last
  }

  begin(file: LiveEvent['file'], lines: readonly LiveLine[]): LiveEvent {
    this.#gone = this.#gone.filter((gone) => gone.file.id !== file.id)
    this.#files.set(file.id, { file, beganAt: ++this.#last, lines: this.#numbered(lines) })
    return { file, change: 'begin', lines }
  }

  more(file: LiveEvent['file'], lines: readonly LiveLine[]): LiveEvent {
    this.#last++
    const log = this.#files.get(file.id)
    if (log !== undefined) log.lines = bounded([...log.lines, ...this.#numbered(lines)])
    return { file, change: 'more', lines }
  }

  /** Undefined: nothing was ever known of it. */
  gone(file: LiveEvent['file']): LiveEvent | undefined {
    if (!this.#files.delete(file.id)) return undefined
    this.#gone = [...this.#gone, { number: ++this.#last, file }].slice(-maxGone)
    return { file, change: 'gone', lines: [] }
  }

  /** What who knows all up to `number` has to be told; 0: who knows nothing. */
  since(number: number): readonly LiveEvent[] {
    const events: LiveEvent[] = []
    if (number > 0) {
      for (const gone of this.#gone) {
        if (gone.number > number) events.push({ file: gone.file, change: 'gone', lines: [] })
      }
    }
    for (const { file, beganAt, lines } of this.#files.values()) {
      const isNew = beganAt > number
      const missed = lines.filter((each) => each.number > number).map(({ line }) => line)
      if (isNew) events.push({ file, change: 'begin', lines: missed })
      else if (missed.length > 0) events.push({ file, change: 'more', lines: missed })
    }
    return events
  }

  #numbered(lines: readonly LiveLine[]): Numbered[] {
    return bounded(lines.map((line) => ({ number: this.#last, line })))
  }
}

function bounded(lines: Numbered[]): Numbered[] {
  let surplus = lines.length - maxLines
  if (surplus <= 0) return lines
  const kept = lines.filter(({ line }) => {
    const goes = surplus > 0 && (line.type === 'traffic' || line.type === 'rehearsal')
    if (goes) surplus--
    return !goes
  })
  return kept.slice(-maxLines)
}
