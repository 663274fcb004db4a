import type { Effect } from '../../formats/effects.ts'
import { replaceMethod, watch } from './hooking.ts'

/** Before the application is loaded. `syncBuiltinESMExports()` is left to the caller. */
export function watchProcesses(): void {
  const childProcess = process.getBuiltinModule('node:child_process')
  watchChildren(childProcess.ChildProcess)
  watch(childProcess, 'execSync', { effects: (_, [line]) => [start(firstWord(line) ?? shell)] })
  for (const name of ['spawnSync', 'execFileSync']) {
    watch(childProcess, name, {
      effects: (_, [file, ...rest]) => {
        const options = rest.find((each) => typeof each === 'object' && !Array.isArray(each))
        const isLine = Boolean((options as { shell?: unknown } | undefined)?.shell)
        return [start(isLine ? (firstWord(file) ?? shell) : String(file))]
      },
    })
  }
  watch(process, 'execve', { effects: (_, [file]) => [start(String(file))] })
  watch(process, 'kill', {
    effects: (_, [pid, signal]) => {
      // Signal 0 only asks whether the process is there.
      if (signal === 0) return []
      return [start(`kill ${Number(pid) === process.pid ? 'itself' : String(pid)}`)]
    },
  })
  // `process.exit` is not for here: it is contained, and a recorded service ends as it would.
  watch(process, 'abort', { effects: () => [start('abort')] })
  watch(process, 'reallyExit', { effects: () => [start('exit')] })
  watchMessages(process, 'parent')
}

const shell = 'shell'

/** All that starts a process without waiting for it ends here. */
function watchChildren({ prototype }: { readonly prototype: object }): void {
  replaceMethod(prototype, 'spawn', (original) => {
    const { spawn } = {
      spawn(this: unknown, ...args: unknown[]): unknown {
        const result = Reflect.apply(original, this, args)
        // With a channel every child has a `send` of its own.
        watchMessages(this as object, 'child')
        return result
      },
    }
    return spawn
  })
  watch(prototype, 'spawn', {
    effects: (_, [options]) => {
      const { file, args } = options as { file: unknown; args?: readonly unknown[] }
      // `/bin/sh -c line` is what `exec`, or the option `shell`, makes of a line.
      const isLine = args?.length === 3 && args[1] === '-c'
      return [start((isLine ? firstWord(args[2]) : undefined) ?? String(file))]
    },
  })
}

function watchMessages(owner: object, target: string): void {
  watch(owner, 'send', {
    effects: (_, [message]) =>
      isOfNode(message) ? [] : [{ kind: 'ipc', access: 'write', target }],
  })
}

/** Node reserves such messages for itself; cluster workers send them to share ports. */
function isOfNode(message: unknown): boolean {
  const { cmd } = message as { cmd?: unknown }
  return typeof cmd === 'string' && cmd.startsWith('NODE_')
}

/** Of a shell line; undefined unless it is plain: `KEY=secret command` must not get into a ledger. */
function firstWord(line: unknown): string | undefined {
  return /^\s*([\w./@:+-]+)(?=[\s;|&<>]|$)/.exec(String(line))?.[1]
}

function start(target: string): Effect {
  return { kind: 'process', access: 'write', target }
}
