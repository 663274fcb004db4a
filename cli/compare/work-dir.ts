import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PrewarmError } from '../../formats/errors.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Runs `use` with an empty folder that only this user can enter, and with a signal that is aborted when the
 * process is told to end. Afterwards the folder is removed; a process that was told to end then ends that way.
 */
export async function inWorkDir<T>(
  use: (workDir: string, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const workDir = mkdtempSync(path.join(tmpdir(), 'prewarm-'))
  const interruption = new AbortController()
  let received: NodeJS.Signals | undefined
  const interrupt = (signal: NodeJS.Signals): void => {
    received = signal
    interruption.abort(new PrewarmError('ERR_PREWARM_CLI_MEASURE', `Interrupted by ${signal}`))
  }
  for (const signal of signals) process.once(signal, interrupt)
  try {
    return await use(workDir, interruption.signal)
  } finally {
    rmSync(workDir, { recursive: true, force: true })
    for (const signal of signals) process.off(signal, interrupt)
    // Nobody listens any more, so that it has its default effect.
    if (received !== undefined) process.kill(process.pid, received)
  }
}
