import { Worker } from 'node:worker_threads'
import { PrewarmError, messageOf, type ErrorCode } from '../../formats/errors.ts'
import type { Analyse, Task, TaskSettings } from './tasks.ts'

export interface TaskRequest {
  readonly number: number
  readonly task: Task
}

export type TaskAnswer =
  | { readonly number: number; readonly body: string | Uint8Array }
  | {
      readonly number: number
      readonly code: ErrorCode
      readonly message: string
      readonly hint: string | undefined
      /** What nobody expected, for the terminal. */
      readonly cause: string | undefined
    }

interface Waiting {
  readonly task: Task
  readonly resolve: (body: string | Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/**
 * Performs tasks in a thread of its own, one at a time, so that events of live files go on while a large measurement is evaluated:
 * of 10 arms and 10 runs with 10,000 rounds that takes many seconds. The thread begins with the first task; should it die of one,
 * which takes a file that does not fit its memory, another one goes on with those that wait.
 */
export class AnalysisThread {
  readonly #settings: TaskSettings
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #lastNumber = 0
  #isClosed = false

  constructor(settings: TaskSettings) {
    this.#settings = settings
  }

  readonly analyse: Analyse = (task) =>
    new Promise((resolve, reject) => {
      // What goes on in the background would begin another thread, and the process would not end.
      if (this.#isClosed) {
        reject(new PrewarmError('ERR_PREWARM_DSH_FAILED', 'The dashboard is ending'))
        return
      }
      const number = ++this.#lastNumber
      this.#waiting.set(number, { task, resolve, reject })
      this.#post({ number, task })
    })

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#worker?.terminate()
  }

  #post(request: TaskRequest): void {
    this.#worker ??= this.#start()
    this.#worker.postMessage(request)
  }

  #start(): Worker {
    const worker = new Worker(new URL('./analysis-worker.js', import.meta.url), {
      workerData: this.#settings,
      // What preloads the command is not for the thread.
      execArgv: [],
    })
    worker.on('message', (answer: TaskAnswer) => {
      const waiting = this.#waiting.get(answer.number)
      this.#waiting.delete(answer.number)
      if ('body' in answer) waiting?.resolve(answer.body)
      else waiting?.reject(errorOf(answer))
    })
    let cause: unknown
    worker.on('error', (error) => {
      cause = error
    })
    worker.on('exit', () => {
      this.#worker = undefined
      const error = new PrewarmError(
        'ERR_PREWARM_DSH_FAILED',
        `The thread that evaluates files has ended: ${messageOf(cause)}`,
        { hint: 'If it was out of memory: NODE_OPTIONS=--max-old-space-size=8192', cause },
      )
      // It performs them in their order: it died of the first one, and the others wait for another thread.
      const [died] = this.#waiting
      if (died !== undefined) this.#waiting.delete(died[0])
      died?.[1].reject(error)
      for (const [number, { task, reject }] of this.#waiting) {
        if (this.#isClosed) reject(error)
        else this.#post({ number, task })
      }
      if (this.#isClosed) this.#waiting.clear()
    })
    return worker
  }
}

function errorOf(answer: Exclude<TaskAnswer, { readonly body: unknown }>): PrewarmError {
  const { code, message, hint, cause } = answer
  return new PrewarmError(code, message, { ...(hint !== undefined && { hint }), cause })
}
