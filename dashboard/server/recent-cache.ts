/** The last few of what is costly to make. What could not be made is not kept. */
export class RecentCache<T> {
  readonly #entries = new Map<string, Promise<T>>()
  readonly #size: number

  constructor(size: number) {
    this.#size = size
  }

  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key)
    const entry = known ?? make()
    // At the end of the map are those that were asked for last.
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (known === undefined) {
      entry.catch(() => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key)
      })
    }
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#size) break
      this.#entries.delete(oldest)
    }
    return entry
  }
}
