import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buffer, text } from 'node:stream/consumers'
import { PrewarmError, messageOf } from '../../formats/errors.ts'
import { v8FlagsAmong } from '../../runtime/eager/eager-caches.ts'
import { loaderFlagsAmong } from '../../runtime/load-pack/identity.ts'
import { isNode } from '../node-command.ts'
import type { Baked, BakeOrder, NotBaked } from './baked.ts'

/**
 * Writes the folder of code caches in a process of the Node that `service` names, with its V8 flags; without one, of this Node.
 * Throws `ERR_PREWARM_CLI_BAKE`, and `ERR_PREWARM_CLI_SPAWN` when that Node cannot be started.
 */
export async function bake(order: BakeOrder, service: readonly string[]): Promise<Baked> {
  const { node, flags } = nodeOf(service)
  const child = fileURLToPath(new URL('bake-child.js', import.meta.url))
  const nodeOptions = flagsAmong((process.env['NODE_OPTIONS'] ?? '').split(/\s+/))
  const baker = spawn(node, [...flags, '--experimental-import-meta-resolve', child], {
    env: { ...process.env, NODE_OPTIONS: nodeOptions.join(' ') },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    baker.once('error', reject)
    baker.once('close', (code, signal) => {
      resolve(code ?? signal)
    })
  }).catch((error: unknown) => {
    throw new PrewarmError('ERR_PREWARM_CLI_SPAWN', `${node}: ${messageOf(error)}`, {
      hint: 'Is the command after -- spelt as you would type it without prewarm?',
      cause: error,
    })
  })
  // A process that ends early takes no more; its exit code tells.
  baker.stdin.on('error', () => undefined)
  baker.stdin.end(JSON.stringify(order))
  const [code, stdout, stderr] = await Promise.all([
    ended,
    buffer(baker.stdout),
    text(baker.stderr),
  ])
  if (code !== 0) {
    throw new PrewarmError(
      'ERR_PREWARM_CLI_BAKE',
      `Baking ended with ${String(code)}: ${lastLine(stderr)}`,
      {
        hint: `Can ${order.folder} be written by this user?`,
      },
    )
  }
  const answer = JSON.parse(stdout.toString()) as Baked | NotBaked
  if ('refusal' in answer) {
    throw new PrewarmError('ERR_PREWARM_CLI_BAKE', answer.refusal, { hint: answer.hint })
  }
  return answer
}

function nodeOf([executable = process.execPath, ...args]: readonly string[]): {
  readonly node: string
  readonly flags: readonly string[]
} {
  // What npm or a script starts is unknown before it runs; the Node of this process is the best guess.
  if (!isNode(executable)) return { node: process.execPath, flags: [] }
  const entry = args.findIndex(
    (word, index) => !word.startsWith('-') && !takesNext.test(args[index - 1] ?? ''),
  )
  return { node: executable, flags: flagsAmong(entry === -1 ? args : args.slice(0, entry)) }
}

/** Options whose value may be a word of its own. */
const takesNext = /^(?:-C|--conditions|-r|--require|--import|--loader|--experimental-loader)$/

/** What decides which code caches fit, and what a module finds. */
function flagsAmong(words: readonly string[]): string[] {
  return [...v8FlagsAmong(words), ...loaderFlagsAmong(words)]
}

function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => /^\w*Error|EACCES|ENOSPC|EROFS/.test(line))
  return lines[0] ?? output.trim().split('\n').at(-1) ?? ''
}
