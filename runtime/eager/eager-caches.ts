import { spawnSync } from 'node:child_process'
import path from 'node:path'
import v8 from 'node:v8'
import type { ModuleKind } from '../compile-cache/entry.ts'

export interface ModuleSource {
  readonly kind: ModuleKind
  /** Absolute. */
  readonly file: string
  readonly source: string
}

/** What the child says, by v8.serialize(). */
export interface EagerCaches {
  /** `v8.cachedDataVersionTag()` of the child. */
  readonly tag: number
  /** In the order of the sources; null: no module of its kind. */
  readonly caches: readonly (Uint8Array | null)[]
}

/** Whoever stops the recording waits for it. */
const timeoutMs = 15_000
const maxBytes = 1024 * 1024 * 1024

/**
 * V8's code cache of each source with all of its functions, compiled in a process of its own in which none of them runs: V8 gives
 * no cache of an ES module that has been evaluated, and to compile everything is a flag that is for the whole process.
 * Undefined: this Node has other V8 flags than the child could be given, or the child failed, took too long or is not allowed.
 */
export function compileEagerly(
  sources: readonly ModuleSource[],
): readonly (Uint8Array | null)[] | undefined {
  if (sources.length === 0) return []
  const child = path.join(import.meta.dirname, 'eager-child.js')
  const args = [...v8Flags(), '--experimental-vm-modules', '--no-warnings', child]
  const env = { ...process.env, NODE_OPTIONS: '' }
  try {
    const { status, stdout } = spawnSync(process.execPath, args, {
      input: v8.serialize(sources),
      env,
      maxBuffer: maxBytes,
      timeout: timeoutMs,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    if (status !== 0) return undefined
    const { tag, caches } = v8.deserialize(stdout) as EagerCaches
    return tag === v8.cachedDataVersionTag() ? caches : undefined
  } catch {
    return undefined
  }
}

/** Options that Node hands on to V8, among those that it takes from NODE_OPTIONS. */
const v8Options =
  /^--(?:abort-on|disallow-code|enable-etw|expose-gc|huge-max|interpreted-|jitless|max-|min-|perf-|stack-trace-limit)/

/** The flags of this process that V8 has seen. */
function v8Flags(): string[] {
  return v8FlagsAmong([...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/), ...process.execArgv])
}

/** Those words of a command line that are for V8. Those that are for Node preload, watch, debug or test. */
export function v8FlagsAmong(words: readonly string[]): string[] {
  return words.filter((word) => {
    if (!word.startsWith('--')) return false
    const name = word.split('=', 1)[0] ?? word
    return v8Options.test(name) || !(isNodeOption(name) || nodeOnly.test(name))
  })
}

function isNodeOption(name: string): boolean {
  return process.allowedNodeEnvironmentFlags.has(name)
}

/** Options of Node that NODE_OPTIONS may not have, on some line at least. */
const nodeOnly =
  /^--(?:build-snapshot|check|cpu-prof|env-file|eval|experimental-(?!wasm)|expose-internals|heap-prof|interactive|print|prof-process|run|test|v8-options|watch)/
