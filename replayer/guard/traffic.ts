import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ServerRecord } from '../../formats/profile.ts'

/** Tells whether requests have come since it was last asked. */
export class Traffic {
  readonly #canTell: boolean
  #requests = 0
  #isOn = false

  /** @param servers - of the profile; without any, and over HTTP/2, nobody tells, and there is always traffic */
  constructor(servers: readonly ServerRecord[]) {
    this.#canTell = servers.length > 0 && servers.every(({ kind }) => kind !== 'http2')
  }

  start(): void {
    if (this.#canTell && !this.#isOn) subscribe('http.server.request.start', this.#onStart)
    this.#isOn = true
  }

  stop(): void {
    unsubscribe('http.server.request.start', this.#onStart)
    this.#isOn = false
  }

  take(): boolean {
    const hasCome = !this.#canTell || this.#requests > 0
    this.#requests = 0
    return hasCome
  }

  readonly #onStart = (): void => {
    this.#requests++
  }
}
