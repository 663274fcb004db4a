/** The time that a replay may take from the moment the application wants to listen, unless `stop` ends it before. */
export class Budget {
  readonly stop: AbortSignal
  #endsAt: number

  constructor(budgetMs: number, stop: AbortSignal) {
    this.stop = stop
    this.#endsAt = performance.now() + budgetMs
  }

  remainingMs(): number {
    return this.stop.aborted ? 0 : Math.max(0, this.#endsAt - performance.now())
  }

  isOver(): boolean {
    return this.remainingMs() === 0
  }

  /** What `work` takes is not counted. */
  async aside<T>(work: Promise<T>): Promise<T> {
    const start = performance.now()
    try {
      return await work
    } finally {
      this.#endsAt += performance.now() - start
    }
  }

  /** A part of what is left, which `stop` ends as well. */
  share(part: number, stop: AbortSignal): Budget {
    return new Budget(this.remainingMs() * part, AbortSignal.any([this.stop, stop]))
  }

  /** The result of the work, or undefined when the budget is over first; what the work comes to then is ignored. */
  async wait<T>(work: Promise<T>): Promise<T | undefined> {
    let giveUp = (): void => undefined
    const over = new Promise<undefined>((resolve) => {
      giveUp = () => {
        resolve(undefined)
      }
    })
    const timer = setTimeout(giveUp, this.remainingMs())
    this.stop.addEventListener('abort', giveUp)
    work.catch(() => undefined)
    try {
      return await Promise.race([work, over])
    } finally {
      clearTimeout(timer)
      this.stop.removeEventListener('abort', giveUp)
    }
  }
}
