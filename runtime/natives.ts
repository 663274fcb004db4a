import v8 from 'node:v8'
import type { Tier } from '../formats/profile.ts'

/**
 * The only place that may call a V8 native (`%Name(...)`). Most natives abort the process when they are given a
 * bound function, a proxy, a builtin, a wasm or asm.js export; the gate below drops all of those first, and only natives
 * that are safe on whatever is left are used. Source: V8 `src/runtime/runtime-test.cc`.
 */
export interface Natives {
  /** Where a plain JavaScript function comes from; undefined for every other value. */
  locate(value: unknown): FunctionLocation | undefined
  /** Only for functions that `locate` accepted. */
  tierOf(fn: object): Tier
}

export interface FunctionLocation {
  readonly scriptId: number
  /** Offset of the opening parenthesis in the script, UTF-16 code units. */
  readonly position: number
  /** Source from the opening parenthesis on. */
  readonly source: string
}

type Native = (value: unknown) => unknown

/**
 * Builds the wrappers with `--allow-natives-syntax` on for just that moment; they go on working once it is off. Returns
 * undefined where V8 lacks one of the natives, numbers its status bits in an unknown way, or would not restore its flags.
 */
export function openNatives(): Natives | undefined {
  const tag = v8.cachedDataVersionTag()
  let built: Record<string, Native>
  v8.setFlagsFromString('--allow-natives-syntax')
  try {
    built = Object.fromEntries(
      [
        'FunctionGetScriptId',
        'IsWasmCode',
        'IsAsmWasmCode',
        'FunctionGetSourceCode',
        'FunctionGetScriptSourcePosition',
        'GetOptimizationStatus',
      ].map((name) => [name, compileNative(name)]),
    )
  } catch {
    return undefined
  } finally {
    v8.setFlagsFromString('--no-allow-natives-syntax')
  }
  if (v8.cachedDataVersionTag() !== tag) return undefined

  const status = built['GetOptimizationStatus'] as (value: unknown) => number
  const bits = statusBits(status)
  if (bits === undefined) return undefined
  return {
    locate(value) {
      if (typeof value !== 'function') return undefined
      const scriptId = built['FunctionGetScriptId']?.(value)
      if (typeof scriptId !== 'number' || scriptId <= 0) return undefined
      if (built['IsWasmCode']?.(value) !== false) return undefined
      if (built['IsAsmWasmCode']?.(value) !== false) return undefined
      const source = built['FunctionGetSourceCode']?.(value)
      if (typeof source !== 'string' || source === '') return undefined
      const position = built['FunctionGetScriptSourcePosition']?.(value)
      return typeof position === 'number' ? { scriptId, position, source } : undefined
    },
    tierOf(fn) {
      const value = status(fn)
      if (value & bits.turbofan) return 'turbofan'
      if (value & bits.maglev) return 'maglev'
      return value & bits.sparkplug ? 'sparkplug' : 'ignition'
    },
  }
}

function compileNative(name: string): Native {
  // `new Function` compiles at once, so the syntax is understood even after the flag is off again.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- natives cannot be written any other way
  return new Function('f', `return %${name}(f)`) as Native
}

/** V8 14 dropped bit 2 of the status word, and every later bit moved down by one; a plain function tells which it is. */
function statusBits(
  status: (value: unknown) => number,
): { turbofan: number; maglev: number; sparkplug: number } | undefined {
  const plain = (): number => 1
  plain()
  const value = status(plain)
  const shift = value & (1 << 7) ? 0 : value & (1 << 6) ? 1 : undefined
  if (shift === undefined) return undefined
  return {
    turbofan: 1 << (6 - shift),
    maglev: 1 << (5 - shift),
    sparkplug: 1 << (15 - shift),
  }
}
