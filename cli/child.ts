import { spawn } from 'node:child_process'
import os from 'node:os'
import { PrewarmError, messageOf } from '../formats/errors.ts'
import type { NodeCommand } from './node-command.ts'

/**
 * What a supervisor or an operator sends to a service. Left out are signals that cannot be caught, that report a fault
 * of our own process, or that stop a job of a shell. Some do not exist on every platform, and never arrive there.
 */
const forwarded = [
  'SIGABRT',
  'SIGALRM',
  'SIGBREAK',
  'SIGCONT',
  'SIGHUP',
  'SIGINT',
  'SIGPWR',
  'SIGQUIT',
  'SIGTERM',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
] as const

/** What a terminal and its shell send to the whole group: by a key, when it is resized, and by `fg`. */
const sentToGroup: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGINT',
  'SIGQUIT',
  'SIGWINCH',
  'SIGCONT',
])

/**
 * Runs a command in the foreground and ends as it ends: with its exit code, or by the signal that ended it. Signals go
 * on to it. Throws `ERR_PREWARM_CLI_SPAWN` when it cannot be started.
 */
export async function runInForeground({ command, args, env }: NodeCommand): Promise<void> {
  const forward = (signal: NodeJS.Signals): void => {
    // The child has it already; a second Ctrl-C would make many services give up at once.
    if (process.stdin.isTTY && sentToGroup.has(signal)) return
    child.kill(signal)
  }
  // Before there is a child, or a signal could end us and not it.
  for (const signal of forwarded) process.on(signal, forward)
  const child = spawn(command, args, { env, stdio: 'inherit' })
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
