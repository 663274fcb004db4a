import v8 from 'node:v8'
import type { Tier } from '../formats/profile.ts'

/**
 * The only place that may call a V8 native (`%Name(...)`). Most natives abort the process when they are given a
 * bound function, a proxy, a builtin, a wasm or asm.js export. Every one below that can do so passes `locate` first, which
 * itself uses only natives that are safe on whatever it has not dropped yet. Source: V8 `src/runtime/runtime-test.cc`.
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
   * Keeps bytecode and feedback of the function from now on, which `optimize` needs. Compiles it when it never was: not to be
   * called near the end of the stack. False: nothing was done.
   */
  prepare(value: unknown): boolean
  /**
   * Of a function that was prepared: TurboFan compiles in the background, and drops what comes while eight functions
   * wait; Maglev compiles when the function is called next. False: nothing was done.
   */
  optimize(value: unknown, tier: 'maglev' | 'turbofan'): boolean
  /** Throws optimised code away; V8 may optimise again. False: nothing was done. */
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
  compileBaseline: '%CompileBaseline(f)',
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
  const tag = v8.cachedDataVersionTag()
  let native: Record<keyof typeof bodies, Native>
  v8.setFlagsFromString('--allow-natives-syntax')
  try {
    native = Object.fromEntries(
      Object.entries(bodies).map(([name, body]) => [name, compileNative(body)]),
    ) as Record<keyof typeof bodies, Native>
    keepForGood(native)
  } catch {
    return undefined
  } finally {
    v8.setFlagsFromString('--no-allow-natives-syntax')
  }
  // A process that has the flag itself gets it back.
  if (v8.cachedDataVersionTag() !== tag) v8.setFlagsFromString('--allow-natives-syntax')
  if (v8.cachedDataVersionTag() !== tag) return undefined

  const status = native.status as (value: unknown) => number
  const bits = statusBits(status)
  if (bits === undefined) return undefined
  const tiers = new Set<Tier>(['ignition'])
  if (native.hasSparkplug() === true) tiers.add('sparkplug')
  if (native.hasMaglev() === true) tiers.add('maglev')
  if (native.hasTurbofan() === true) tiers.add('turbofan')

  /** Drops bound functions, proxies, builtins and functions of the API, then wasm and asm.js, then `Function.prototype`. */
  const sourceOf = (value: unknown): string | undefined => {
    if (typeof value !== 'function') return undefined
    const scriptId = native.scriptId(value)
    if (typeof scriptId !== 'number' || scriptId <= 0) return undefined
    if (native.isWasm(value) !== false || native.isAsmWasm(value) !== false) return undefined
    const source = native.source(value)
    // A module of asm.js that has not been compiled as such yet is told by its directive alone.
    if (typeof source !== 'string' || source === '') return undefined
    return source.includes('use asm') ? undefined : source
  }
  const onFunction = (value: unknown, action: Native): boolean => {
    if (sourceOf(value) === undefined) return false
    action(value)
    return true
  }
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
      if (sourceOf(value) === undefined) return undefined
      const word = status(value)
      if (word & bits.turbofan) return 'turbofan'
      if (word & bits.maglev) return 'maglev'
      return word & bits.sparkplug ? 'sparkplug' : 'ignition'
    },
    isPending: (value) => sourceOf(value) !== undefined && (status(value) & bits.pending) !== 0,
    prepare: (value) => tiers.has('turbofan') && onFunction(value, native.prepare),
    optimize: (value, tier) => tiers.has(tier) && onFunction(value, native[tier]),
    deoptimize: (value) => onFunction(value, native.deoptimize),
  }
}

function compileNative(body: string): Native {
  // `new Function` compiles at once, so the syntax is understood even after the flag is off again.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- natives cannot be written any other way
  return new Function('f', `return ${body}`) as Native
}

/** Bytecode that is unused for a while is thrown away, and with the flag off it could not be compiled again. */
function keepForGood(native: Readonly<Record<keyof typeof bodies, Native>>): void {
  // Without Sparkplug it would abort the process.
  if (native.hasSparkplug() !== true) return
  for (const wrapper of Object.values(native)) native.compileBaseline(wrapper)
}

interface StatusBits {
  readonly turbofan: number
  readonly maglev: number
  readonly sparkplug: number
  readonly pending: number
}

/** V8 14 dropped bit 2 of the status word, and every later bit moved down by one; a plain function tells which it is. */
function statusBits(status: (value: unknown) => number): StatusBits | undefined {
  // Text, since a bundler leaves out a call that it can see does nothing, and what was never called has no tier.
  const plain = compileNative('1')
  plain()
  const value = status(plain)
  const shift = value & (1 << 7) ? 0 : value & (1 << 6) ? 1 : undefined
  if (shift === undefined) return undefined
  const bit = (index: number): number => 1 << (index - shift)
  return {
    turbofan: bit(6),
    maglev: bit(5),
    sparkplug: bit(15),
    // Marked, marked for the background, being compiled there; the same for Maglev.
    pending: bit(8) | bit(9) | bit(10) | bit(22) | bit(23),
  }
}
