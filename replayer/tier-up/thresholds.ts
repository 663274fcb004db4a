import v8 from 'node:v8'

interface Flags {
  /** V8 waits for fewer calls before it optimises. */
  readonly lowered: readonly string[]
  /** What it waits for by itself. Not to be read off the help text, which for some flags has other numbers than those in force. */
  readonly original: readonly string[]
}

const ticks: Flags = {
  lowered: [
    '--interrupt-budget=8000',
    '--ticks-before-optimization=2',
    '--minimum-invocations-after-ic-update=50',
  ],
  original: [
    '--interrupt-budget=67584',
    '--ticks-before-optimization=3',
    '--minimum-invocations-after-ic-update=500',
  ],
}

/**
 * Without Maglev, only TurboFan is to be waited for. After 100 calls instead of 1,000 all is compiled at once, and that takes
 * the second core from the rounds.
 */
const turbofanOnly: Flags = {
  lowered: ['--invocation-count-for-turbofan=1000', '--minimum-invocations-after-ic-update=100'],
  original: ['--invocation-count-for-turbofan=3000', '--minimum-invocations-after-ic-update=500'],
}

/** Maglev alone: code that TurboFan makes of so few calls is thrown away too often. */
const maglevFirst: Flags = {
  lowered: ['--invocation-count-for-maglev=100', '--minimum-invocations-after-ic-update=50'],
  original: ['--invocation-count-for-maglev=400', '--minimum-invocations-after-ic-update=500'],
}

/** By the V8 of each Node line: what an unknown one has as its defaults is not known, so that nothing could be restored. */
const flagsByV8: Readonly<Record<string, Flags>> = {
  '11.3': ticks,
  '12.4': turbofanOnly,
  '13.6': maglevFirst,
  '14.6': maglevFirst,
}

/** Flags that were given by hand cannot be read, and so not restored. */
const touchesTiering =
  /^--.*(?:interrupt-budget|ticks-before|invocation-count|minimum-invocations|jitless|lite-mode|turbofan|maglev|sparkplug|optimized|\bopt\b)/

/** Whoever steers V8 by hand, or has no optimising compiler, is left alone. */
export function steersTiering(
  execArgv: readonly string[] = process.execArgv,
  nodeOptions = process.env['NODE_OPTIONS'] ?? '',
): boolean {
  return [...execArgv, ...nodeOptions.split(/\s+/)].some((flag) => {
    const [name = ''] = flag.split('=')
    return touchesTiering.test(name.replaceAll('_', '-'))
  })
}

/**
 * V8's own thresholds, lowered while requests are rehearsed. They are part of what V8 accepts code caches by: while they
 * are low, nothing may be compiled that a cache is meant for.
 */
export class Thresholds {
  readonly #flags: Flags
  readonly #tag: number
  #isLow = false

  private constructor(flags: Flags, tag: number) {
    this.#flags = flags
    this.#tag = tag
  }

  /** @param tag - of the flags that the process was started with; undefined is returned where V8 is not known */
  static open(tag: number): Thresholds | undefined {
    const version = process.versions.v8.split('.', 2).join('.')
    const flags = flagsByV8[version]
    return flags === undefined ? undefined : new Thresholds(flags, tag)
  }

  /** Not when somebody has set flags since the start: what they were could not be told. */
  lower(): void {
    if (this.#isLow || v8.cachedDataVersionTag() !== this.#tag) return
    this.#isLow = true
    set(this.#flags.lowered)
  }

  restore(): void {
    if (!this.#isLow) return
    this.#isLow = false
    set(this.#flags.original)
  }
}

function set(flags: readonly string[]): void {
  for (const flag of flags) v8.setFlagsFromString(flag)
}
