import path from 'node:path'
import type { TracedFile, TracedFormat } from './raw-trace.ts'

/** The files that were asked for, in that order, and who asked for them. */
export class TracedFiles {
  readonly #index = new Map<string, number>()
  readonly #files: { -readonly [K in keyof TracedFile]: TracedFile[K] }[] = []
  readonly #edges = new Set<string>()

  indexOf(file: string): number {
    let index = this.#index.get(file)
    if (index === undefined) {
      index = this.#files.length
      this.#index.set(file, index)
      const untimed = { format: null, requester: null, startMs: null, endMs: null, requests: 0 }
      this.#files.push({ file, ...untimed })
    }
    return index
  }

  /** @param from - null: nobody, it is the entry or preloaded */
  request(from: string | null, to: number): void {
    const target = this.#files[to]
    if (target === undefined) return
    target.requests++
    // `createRequire` takes folders, too.
    if (from === null || from.endsWith(path.sep)) return
    const asking = this.indexOf(from)
    if (asking === to) return
    target.requester ??= asking
    this.#edges.add(`${asking} ${to}`)
  }

  /** The first initialisation counts. */
  begin(index: number, format: TracedFormat, startMs: number): void {
    const file = this.#files[index]
    if (file === undefined) return
    file.format ??= format
    file.startMs ??= startMs
  }

  end(index: number): void {
    const file = this.#files[index]
    if (file !== undefined) file.endMs ??= performance.now()
  }

  get files(): readonly TracedFile[] {
    return this.#files
  }

  get edges(): (readonly [from: number, to: number])[] {
    return Array.from(this.#edges, (edge) => {
      const [from = 0, to = 0] = edge.split(' ').map(Number)
      return [from, to]
    })
  }
}
