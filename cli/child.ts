import { spawn } from 'node:child_process'
import os from 'node:os'
import { PrewarmError, messageOf } from '../formats/errors.ts'
import type { NodeCommand } from './node-command.ts'

const forwarded = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const

/**
 * Runs a command in the foreground and ends as it ends: with its exit code, or by the signal that ended it. Signals go
 * on to it. Throws `ERR_PREWARM_CLI_SPAWN` when it cannot be started.
 */
export async function runInForeground({ command, args, env }: NodeCommand): Promise<void> {
  const child = spawn(command, args, { env, stdio: 'inherit' })
  const forward = (signal: NodeJS.Signals): void => {
    // A terminal sends Ctrl-C to both of us; a second one would make many services give up at once.
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  }
  for (const signal of forwarded) process.on(signal, forward)
  const end = await new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      resolve(code ?? signal ?? 1)
    })
  }).catch((error: unknown) => {
    throw new PrewarmError('ERR_PREWARM_CLI_SPAWN', `${command}: ${messageOf(error)}`, {
      hint: 'Is the command after -- spelt as you would type it without prewarm?',
      cause: error,
    })
  })
  for (const signal of forwarded) process.off(signal, forward)
  if (typeof end === 'number') {
    process.exitCode = end
    return
  }
  // As process 1 of a container, or by a signal that Node ignores, we do not die: then the exit code has to say it.
  process.exitCode = 128 + os.constants.signals[end]
  process.kill(process.pid, end)
}
