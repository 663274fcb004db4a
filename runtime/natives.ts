import v8 from 'node:v8'
import type { Tier } from '../formats/profile.ts'

/**
 * The only place that may call a V8 native (`%Name(...)`). Most natives abort the process when they are given a
 * bound function, a proxy, a builtin, a wasm or asm.js export. Every one below that can do so passes `locate` first, which
 * itself uses only natives that are safe on whatever it has not dropped yet. Source: V8 `src/runtime/runtime-test.cc`.
 * What cannot be told from here: V8 up to 13 aborts on a function that must never be optimised, which the process itself can ask
 * for (`%NeverOptimizeFunction`), and V8 may decide after a compilation that it gave up. Staging had the functions optimised.
 */
export interface Natives {
  /** Tiers that this process can compile to: V8 flags may switch compilers off. */
  readonly tiers: ReadonlySet<Tier>
  /** Where a plain JavaScript function comes from; undefined for every other value. */
  locate(value: unknown): FunctionLocation | undefined
  /** Source of the whole script of the function. */
  scriptOf(value: unknown): string | undefined
  /** undefined for whatever `locate` does not know. */
  tierOf(value: unknown): Tier | undefined
  /** Whether it is marked for a higher tier, or being compiled to it. */
  isPending(value: unknown): boolean
  /**
   * Gives the function feedback from now on, which `optimize` needs. Only one that has been called: V8 would compile any
   * other, and abort where that runs out of stack. False: nothing was done.
   */
  prepare(value: unknown): boolean
  /**
   * Of a function that was prepared: TurboFan compiles in the background, and drops what comes while eight functions
   * wait; Maglev compiles when the function is called next. False: nothing was done.
   */
  optimize(value: unknown, tier: 'maglev' | 'turbofan'): boolean
  /**
   * Throws optimised code away; V8 may optimise again. Of a function that is being compiled, V8 14 waits for that to end. False:
   * nothing was done.
   */
  deoptimize(value: unknown): boolean
}

export interface FunctionLocation {
  readonly scriptId: number
  /** Offset of the opening parenthesis in the script, UTF-16 code units. */
  readonly position: number
  /** Source from the opening parenthesis on. */
  readonly source: string
}

type Native = (value?: unknown) => unknown

/** All of them exist in V8 11 to 14; what an unknown V8 lacks is a `SyntaxError`. */
const bodies = {
  scriptId: '%FunctionGetScriptId(f)',
  isWasm: '%IsWasmCode(f)',
  isAsmWasm: '%IsAsmWasmCode(f)',
  source: '%FunctionGetSourceCode(f)',
  position: '%FunctionGetScriptSourcePosition(f)',
  script: '%FunctionGetScriptSource(f)',
  status: '%GetOptimizationStatus(f)',
  hasSparkplug: '%IsSparkplugEnabled()',
  hasMaglev: '%IsMaglevEnabled()',
  hasTurbofan: '%IsTurbofanEnabled()',
  prepare: '%PrepareFunctionForOptimization(f)',
  maglev: '%OptimizeMaglevOnNextCall(f)',
  turbofan: "%OptimizeFunctionOnNextCall(f, 'concurrent')",
  deoptimize: '%DeoptimizeFunction(f)',
} as const

/**
 * Builds the wrappers with `--allow-natives-syntax` on for just that moment; they go on working once it is off. Returns
 * undefined where V8 lacks one of the natives, numbers its status bits in an unknown way, or would not restore its flags.
 * For the main thread, before there are workers: flags are those of the process.
 */
export function openNatives(): Natives | undefined {
  // It would abort the process to set one that is frozen.
  if (process.execArgv.some((flag) => /^--freeze[-_]flags/.test(flag))) return undefined
  const tag = v8.cachedDataVersionTag()
  let native: Record<keyof typeof bodies, Native>
  v8.setFlagsFromString('--allow-natives-syntax')
  // A process that was started with the flag keeps it.
  const wasOn = v8.cachedDataVersionTag() === tag
  try {
    native = Object.fromEntries(
      Object.entries(bodies).map(([name, body]) => [name, compileNative(body)]),
    ) as Record<keyof typeof bodies, Native>
  } catch {
    return undefined
  } finally {
    if (!wasOn) v8.setFlagsFromString('--no-allow-natives-syntax')
  }
  if (v8.cachedDataVersionTag() !== tag) return undefined

  const status = native.status as (value: unknown) => number
  const bits = statusBits(status)
  if (bits === undefined) return undefined
  const tiers = new Set<Tier>(['ignition'])
  if (native.hasSparkplug() === true) tiers.add('sparkplug')
  if (native.hasMaglev() === true) tiers.add('maglev')
  if (native.hasTurbofan() === true) tiers.add('turbofan')

  /** Node 26 aborts when it is to optimise a function that was not prepared. */
  const prepared = new WeakSet<object>()

  /** Drops bound functions, proxies, builtins and functions of the API, then wasm and asm.js, then `Function.prototype`. */
  const sourceOf = (value: unknown): string | undefined => {
    if (typeof value !== 'function') return undefined
    const scriptId = native.scriptId(value)
    if (typeof scriptId !== 'number' || scriptId <= 0) return undefined
    if (native.isWasm(value) !== false || native.isAsmWasm(value) !== false) return undefined
    const source = native.source(value)
    if (typeof source !== 'string' || source === '') return undefined
    // A module of asm.js that has not been compiled as such yet is told by its directive alone.
    return source.includes('use asm') ? undefined : source
  }
  const isPlain = (value: unknown): boolean =>
    prepared.has(value as object) || sourceOf(value) !== undefined
  const isCompiled = (value: unknown): boolean => (status(value) & bits.lazy) === 0

  return {
    tiers,
    locate(value) {
      const source = sourceOf(value)
      if (source === undefined) return undefined
      const position = native.position(value)
      const scriptId = native.scriptId(value)
      if (typeof position !== 'number' || typeof scriptId !== 'number') return undefined
      return { scriptId, position, source }
    },
    scriptOf(value) {
      const script = sourceOf(value) === undefined ? undefined : native.script(value)
      return typeof script === 'string' ? script : undefined
    },
    tierOf(value) {
      if (!isPlain(value)) return undefined
      const word = status(value)
      if (word & bits.turbofan) return 'turbofan'
      if (word & bits.maglev) return 'maglev'
      return word & bits.sparkplug ? 'sparkplug' : 'ignition'
    },
    isPending: (value) => isPlain(value) && (status(value) & bits.pending) !== 0,
    prepare(value) {
      if (!tiers.has('maglev') && !tiers.has('turbofan')) return false
      const source = sourceOf(value)
      if (source === undefined || !beginsWithParameters(source)) return false
      if (!isCompiled(value)) return false
      native.prepare(value)
      prepared.add(value as object)
      return true
    },
    optimize(value, tier) {
      if (!tiers.has(tier) || !prepared.has(value as object) || !isCompiled(value)) return false
      native[tier](value)
      return true
    },
    deoptimize(value) {
      if (!isPlain(value)) return false
      native.deoptimize(value)
      return true
    },
  }
}

function* generator(): Generator {
  // Only its constructor is wanted.
}
const GeneratorFunction = generator.constructor as new (
  parameter: string,
  body: string,
) => (value: unknown) => Iterator<unknown, unknown>

/**
 * A generator, since V8 never throws their bytecode away: that of an ordinary function goes when it is unused for a while,
 * and could not be compiled again with the flag off. Its constructor compiles at once.
 */
function compileNative(body: string): Native {
  const native = new GeneratorFunction('f', `return ${body}`)
  return (value) => native(value).next().value
}

/**
 * The source of a function begins with its parameters. That of an initializer of a class's fields does not: V8 makes a function of
 * it, which a debugger can get hold of, and up to version 12 aborts when that is prepared.
 */
function beginsWithParameters(source: string): boolean {
  return /^(?:async\s*)?(?:\(|[^\s(){}[\].,;=*#'"`]+\s*=>)/.test(source)
}

interface StatusBits {
  readonly turbofan: number
  readonly maglev: number
  readonly sparkplug: number
  readonly pending: number
  readonly lazy: number
}

/** V8 14 dropped bit 2 of the status word, and every later bit moved down by one; a function that was never called tells. */
function statusBits(status: (value: unknown) => number): StatusBits | undefined {
  const value = status(() => 1)
  const shift = value & (1 << 18) ? 0 : value & (1 << 17) ? 1 : undefined
  if (shift === undefined) return undefined
  const bit = (index: number): number => 1 << (index - shift)
  return {
    turbofan: bit(6),
    maglev: bit(5),
    sparkplug: bit(15),
    // Marked, marked for the background, being compiled there; the same for Maglev.
    pending: bit(8) | bit(9) | bit(10) | bit(22) | bit(23),
    lazy: bit(18),
  }
}
