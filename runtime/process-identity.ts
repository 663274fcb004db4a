import { readFileSync, readlinkSync } from 'node:fs'
import os from 'node:os'
import type { ProcessIdentity } from '../formats/guard-state.ts'

export type { ProcessIdentity }

/** `elsewhere`: on a machine, or in a container, whose processes cannot be seen from here. */
export type Fate = 'alive' | 'gone' | 'elsewhere'

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    host: os.hostname().slice(0, 255),
    boot: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: attempt(() => readlinkSync('/proc/self/ns/pid')),
    startTicks: statOf('self')?.startTicks ?? null,
  }
}

/**
 * No clock is asked. A container that is restarted has the name and often the process ids of its predecessor, and
 * another namespace; should the number of that have been used before, the processes still started at other ticks.
 */
export function fateOf(other: ProcessIdentity, own: ProcessIdentity): Fate {
  if (other.host !== own.host) return 'elsewhere'
  if (other.boot !== own.boot || other.namespace !== own.namespace) return 'gone'
  const stat = statOf(other.pid)
  if (stat !== undefined && other.startTicks !== null) {
    // One that nobody has waited for is a name only.
    const isDead = stat.state === 'Z' || stat.state === 'X'
    return isDead || stat.startTicks !== other.startTicks ? 'gone' : 'alive'
  }
  if (other.pid === own.pid) return other.startTicks === own.startTicks ? 'alive' : 'gone'
  try {
    process.kill(other.pid, 0)
    return 'alive'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? 'gone' : 'alive'
  }
}

/** Undefined: there is no such process, or this system does not tell. */
function statOf(pid: number | 'self'): { state: string; startTicks: string } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // The name of the program stands in parentheses and may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? []
  const [state] = fields
  const startTicks = fields[19]
  return state === undefined || startTicks === undefined ? undefined : { state, startTicks }
}

function attempt(read: () => string): string | null {
  try {
    return read()
  } catch {
    return null
  }
}
