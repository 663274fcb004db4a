import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import { PrewarmError } from '../../formats/errors.ts'
import type { NodeCommand } from '../node-command.ts'

const stderrTailChars = 4096
const stopTimeoutMs = 5000

/** A started service. */
export interface ServerProcess {
  /** The system-wide monotonic clock just before it was spawned, ms. */
  readonly spawnedClockMs: number
  /** `step`, unless the process cannot be started or ends first, or `signal` is aborted: then it throws. */
  during<T>(step: Promise<T>): Promise<T>
  /** A coded error that ends with what the service last wrote to stderr. */
  failure(message: string, code?: 'ERR_PREWARM_CLI_NO_LISTEN'): PrewarmError
  /** SIGTERM, then SIGKILL after 5 s; resolves when it is gone. */
  stop(): Promise<void>
}

/** Starts the service in a process group of its own, so that what a script starts below it ends with it. */
export function startServer(command: NodeCommand, signal: AbortSignal): ServerProcess {
  const spawnedClockMs = Number(process.hrtime.bigint()) / 1e6
  const child = spawn(command.command, command.args, {
    env: command.env,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: process.platform !== 'win32',
  })
  let tail = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-stderrTailChars)
  })

  function failure(
    message: string,
    code: 'ERR_PREWARM_CLI_NO_LISTEN' | 'ERR_PREWARM_CLI_MEASURE' = 'ERR_PREWARM_CLI_MEASURE',
  ): PrewarmError {
    const said = tail.trim()
    return new PrewarmError(code, said === '' ? message : `${message}. It last wrote:\n${said}`)
  }

  // "close" comes after the last of stderr has been read, unlike "exit".
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve()
    })
    child.once('error', () => {
      resolve()
    })
  })
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (cause) => {
      reject(
        new PrewarmError(
          'ERR_PREWARM_CLI_SPAWN',
          `Cannot start ${command.command}: ${cause.message}`,
          { cause },
        ),
      )
    })
    const interrupt = (): void => {
      kill(child, 'SIGKILL')
      reject(signal.reason as Error)
    }
    // An event that is over does not come again.
    if (signal.aborted) interrupt()
    else signal.addEventListener('abort', interrupt)
    child.once('close', (code, killedBy) => {
      signal.removeEventListener('abort', interrupt)
      reject(failure(`The service ended by itself (${killedBy ?? `exit code ${String(code)}`})`))
    })
  })
  // It is only looked at while a step is under way.
  failed.catch(() => undefined)

  return {
    spawnedClockMs,
    during: (step) => Promise.race([step, failed]),
    failure,
    async stop() {
      kill(child, 'SIGTERM')
      const late = new AbortController()
      await Promise.race([
        closed,
        delay(stopTimeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
      ])
      late.abort()
      // The leader may have left processes behind that hold the port.
      kill(child, 'SIGKILL')
      await closed
    },
  }
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch {
    // Nothing of the group is left.
  }
}
