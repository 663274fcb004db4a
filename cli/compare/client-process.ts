import { fork } from 'node:child_process'
import { once } from 'node:events'
import { PrewarmError } from '../../formats/errors.ts'
import type { ClientAnswer, ClientTask, Driven, MeasuredRequest, Target } from './messages.ts'

/** Enough for V8 to optimise the client's own path through `node:http`. */
const warmupRequests = 3000

/** The process that sends the requests. */
export interface Client {
  /** Rejects with what the client says when a request fails. `ratePerSecond` null: a closed loop. */
  drive(
    target: Target,
    requests: readonly MeasuredRequest[],
    rounds: number,
    ratePerSecond: number | null,
  ): Promise<Driven>
  close(): void
}

/** Starts the client with the Node that runs us, and warms it for what it will have to do. */
export async function startClient(
  requests: readonly MeasuredRequest[],
  isOpenLoop: boolean,
): Promise<Client> {
  const env = { ...process.env }
  delete env['NODE_OPTIONS']
  const child = fork(new URL('./client.js', import.meta.url), {
    env,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  await once(child, 'spawn')

  async function perform(task: ClientTask): Promise<Driven> {
    const ended = new AbortController()
    try {
      const answered = once(child, 'message', { signal: ended.signal })
      const exited = once(child, 'exit', { signal: ended.signal }).then(() => {
        throw new PrewarmError('ERR_PREWARM_CLI_MEASURE', 'The client process ended unexpectedly')
      })
      child.send(task)
      const [answer] = (await Promise.race([answered, exited])) as [ClientAnswer]
      if (answer.type === 'done') return answer
      throw new Error(answer.message)
    } finally {
      ended.abort()
    }
  }

  await perform({ type: 'warm', requests, count: warmupRequests, isOpenLoop })
  return {
    drive: (target, measured, rounds, ratePerSecond) =>
      perform({ type: 'drive', target, requests: measured, rounds, ratePerSecond }),
    close() {
      // One that has ended would make an error of it, in place of the one that tells why.
      if (child.connected) child.disconnect()
    },
  }
}
