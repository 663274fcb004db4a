import type { Exchange } from '../formats/profile.ts'

/** Stand-in until the real one is merged. */
export class Tape {
  readonly #exchanges: readonly Exchange[]
  constructor(exchanges: readonly Exchange[]) {
    this.#exchanges = exchanges
  }
  find(method: string, url: string): Exchange | undefined {
    return this.#exchanges.find((each) => each.method === method && each.url === url)
  }
  reset(): void {
    // Nothing is used up.
  }
}
