import { watch, type FSWatcher } from 'node:fs'
import path from 'node:path'
import type { LiveEvent } from '../api.ts'
import type { Library, LibraryFile } from './library.ts'
import { serverLimits } from './limits.ts'
import { LiveLog } from './live-log.ts'
import { LiveReader } from './live-reader.ts'

/** Of the poll, which sees what watching misses: network file systems, too many watches. */
const pollMs = 1000
/** Several lines are often written at once. */
const settleMs = 50
/** A scan of all folders for files that are new, where watching does not tell. */
const scanMs = 5000

interface Tailed {
  readonly file: LiveEvent['file']
  readonly path: string
  readonly reader: LiveReader
}

/** Called with each change and its number. */
export type LiveListener = (event: LiveEvent, number: number) => void

/**
 * Follows the live files of a library, as long as somebody listens: those that grow, that are new, that are cut off or replaced, that
 * are gone.
 */
export class LiveTail {
  readonly #library: Library
  readonly #folders: readonly string[]
  readonly #log = new LiveLog()
  readonly #tailed = new Map<string, Tailed>()
  readonly #listeners = new Set<LiveListener>()
  readonly #watchers = new Map<string, FSWatcher>()
  #poll: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined
  #scannedAt = -Infinity
  #round: Promise<void> | undefined
  #isAskedAgain = false

  /** @param folders - that were opened, in which new files are looked for at once */
  constructor(library: Library, folders: readonly string[]) {
    this.#library = library
    this.#folders = folders
  }

  /**
   * Tells what has come since the change of that number (0: all that is kept), and from then on all that comes. Gives the function
   * that ends it.
   *
   * @param start - called once with the first events, and the number of the last change that they hold
   */
  async listen(
    since: number,
    start: (events: readonly LiveEvent[], number: number) => void,
    listener: LiveListener,
  ): Promise<() => void> {
    await this.look(true)
    // Nothing comes between the two.
    start(this.#log.since(since), this.#log.last)
    this.#listeners.add(listener)
    this.#poll ??= setInterval(() => {
      void this.look(Date.now() - this.#scannedAt > scanMs)
    }, pollMs)
    for (const folder of this.#folders) this.#watch(folder)
    for (const tailed of this.#tailed.values()) this.#watch(path.dirname(tailed.path))
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#pause()
    }
  }

  /** Reads what is new, and looks for files that are. */
  async look(doesScan: boolean): Promise<void> {
    if (doesScan) this.#scannedAt = -Infinity
    if (this.#round !== undefined) {
      this.#isAskedAgain = true
      return this.#round
    }
    this.#round = this.#rounds()
    try {
      await this.#round
    } finally {
      this.#round = undefined
    }
  }

  /** One after another: two readers of a file would read the same. */
  async #rounds(): Promise<void> {
    for (this.#isAskedAgain = true; this.#isAskedAgain;) {
      this.#isAskedAgain = false
      if (this.#scannedAt === -Infinity) await this.#scan()
      for (const tailed of [...this.#tailed.values()]) await this.#readAll(tailed)
    }
  }

  async #scan(): Promise<void> {
    this.#scannedAt = Date.now()
    const files = (await this.#library.filesOf('live')).slice(0, serverLimits.liveFiles)
    const ids = new Set(files.map(({ id }) => id))
    for (const [id, { file }] of this.#tailed) if (!ids.has(id)) this.#lose(file)
    for (const file of files) this.#follow(file)
  }

  #follow({ id, ref }: LibraryFile): void {
    if (this.#tailed.has(id) || !('path' in ref.content)) return
    const file = { id, name: ref.name }
    const { path: place } = ref.content
    this.#tailed.set(id, { file, path: place, reader: new LiveReader(place) })
    if (this.#listeners.size > 0) this.#watch(path.dirname(place))
  }

  async #readAll({ file, reader }: Tailed): Promise<void> {
    try {
      for (let hasMore = true; hasMore;) {
        const read = await reader.read()
        hasMore = read.hasMore
        if (read.isAnew) this.#tell(this.#log.begin(file, read.lines))
        else if (read.lines.length > 0) this.#tell(this.#log.more(file, read.lines))
      }
    } catch {
      // It is gone, or may no longer be read; should it come back, the next scan finds it.
      this.#lose(file)
    }
  }

  #lose(file: LiveEvent['file']): void {
    this.#tailed.delete(file.id)
    this.#tell(this.#log.gone(file))
  }

  #tell(event: LiveEvent | undefined): void {
    if (event === undefined) return
    for (const listener of this.#listeners) listener(event, this.#log.last)
  }

  #watch(folder: string): void {
    if (this.#watchers.has(folder)) return
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        // Where the platform does not say which file it is, it may be one.
        if (name !== null && !name.endsWith('.live.jsonl')) return
        if (name === null || !this.#knows(path.join(folder, name))) this.#scannedAt = -Infinity
        this.#soon ??= setTimeout(() => {
          this.#soon = undefined
          void this.look(false)
        }, settleMs)
      })
      watcher.on('error', () => {
        watcher.close()
        this.#watchers.delete(folder)
      })
      this.#watchers.set(folder, watcher)
    } catch {
      // The poll remains.
    }
  }

  #knows(file: string): boolean {
    return [...this.#tailed.values()].some((tailed) => tailed.path === file)
  }

  #pause(): void {
    clearInterval(this.#poll)
    clearTimeout(this.#soon)
    this.#poll = undefined
    this.#soon = undefined
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }
}
