/**
 * Marks rehearsed requests for the application. What it says is drawn anew in every process and counts only while the port
 * is closed, so that nobody outside can send it.
 */
export class RehearsalHeader {
  /** Lower case. */
  readonly name: string
  readonly nonce = process.getBuiltinModule('node:crypto').randomBytes(16).toString('hex')
  #isOver = false

  constructor(name: string) {
    this.name = name.toLowerCase()
  }

  /** The port opens: from now on nothing is marked. */
  expire(): void {
    this.#isOver = true
  }

  /** @param request - of `node:http`, `node:http2`, or the Fetch API, or what a framework has made of one */
  isOn(request: object): boolean {
    if (this.#isOver) return false
    const { headers } = request as { headers?: unknown }
    if (typeof headers !== 'object' || headers === null) return false
    // Naming the class `Headers` would make Node load its whole fetch.
    const { get } = headers as { get?: unknown }
    const value: unknown =
      typeof get === 'function'
        ? get.call(headers, this.name)
        : (headers as Record<string, unknown>)[this.name]
    return value === this.nonce
  }
}
