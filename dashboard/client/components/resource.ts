import type { ReactiveControllerHost } from 'lit'
import { ApiProblem } from '../data-source.ts'

export type ResourceState<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'ready'; readonly value: T }
  | { readonly status: 'failed'; readonly problem: ApiProblem }

/**
 * Something that an element loads. Call {@link load} in `willUpdate` with a key that says what is wanted: it is loaded when the
 * key is another one, and answers that are overtaken are dropped.
 */
export class Resource<T> {
  readonly #host: Pick<ReactiveControllerHost, 'requestUpdate'>
  readonly #keepsOld: boolean
  #key: string | null = null
  #request: (() => Promise<T>) | null = null
  #state: ResourceState<T> = { status: 'loading' }
  #isPending = false
  #runs = 0

  /** `keepsOld`: while another key is loaded the last value stays, so that what is seen does not blink. */
  constructor(
    host: Pick<ReactiveControllerHost, 'requestUpdate'>,
    { keepsOld = false }: { readonly keepsOld?: boolean } = {},
  ) {
    this.#host = host
    this.#keepsOld = keepsOld
  }

  get state(): ResourceState<T> {
    return this.#state
  }

  get value(): T | null {
    return this.#state.status === 'ready' ? this.#state.value : null
  }

  /** Also while an old value is shown. */
  get isPending(): boolean {
    return this.#isPending
  }

  load(key: string, request: () => Promise<T>): void {
    if (key === this.#key) return
    this.#key = key
    this.#request = request
    if (!this.#keepsOld || this.#state.status === 'failed') this.#state = { status: 'loading' }
    void this.#run(request)
  }

  /** Loads the same again; where `keepsOld`, what was loaded is kept even when that fails. Never rejects. */
  async retry(): Promise<void> {
    if (this.#request === null) return
    if (this.#state.status === 'failed') {
      this.#state = { status: 'loading' }
      this.#host.requestUpdate()
    }
    await this.#run(this.#request, this.#keepsOld)
  }

  async #run(request: () => Promise<T>, mayFail = false): Promise<void> {
    this.#isPending = true
    const run = ++this.#runs
    const state = await settle(request)
    if (run !== this.#runs) return
    this.#isPending = false
    const isKept = mayFail && state.status === 'failed' && this.#state.status === 'ready'
    if (!isKept) this.#state = state
    this.#host.requestUpdate()
  }
}

async function settle<T>(request: () => Promise<T>): Promise<ResourceState<T>> {
  try {
    return { status: 'ready', value: await request() }
  } catch (error) {
    return { status: 'failed', problem: problemOf(error) }
  }
}

/** Whatever was thrown, as something that can be shown. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem(
    'ERR_PREWARM_DSH_VIEW',
    error instanceof Error ? error.message : String(error),
    'This is a mistake in the page, not in your data. The browser console has more.',
  )
}
