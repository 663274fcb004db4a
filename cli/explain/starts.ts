import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { StartArm } from '../../formats/start-report.ts'
import { withServer, type Arm, type Measuring, type StartOptions } from '../compare/driver.ts'
import type { CoveredScript } from './calls.ts'
import type { RawTrace } from './raw-trace.ts'

export interface ExplainOptions extends Omit<StartOptions, 'serverOrdinal'> {
  /** Absolute path; null: there is only the cold arm. */
  readonly profile: string | null
  readonly runs: number
  /** How long to look at what is called after it listens; 0: not at all. */
  readonly observeMs: number
  readonly onStep: (step: string) => void
}

export interface ExplainedArm {
  readonly name: StartArm['name']
  /** ms from process start to listen */
  readonly untracedRunsMs: readonly number[]
  readonly tracedRunsMs: readonly number[]
  /** Of the fastest traced start. */
  readonly trace: RawTrace
}

export interface ExplainedStarts {
  readonly arms: readonly ExplainedArm[]
  /** null: not looked for. */
  readonly coverage: readonly CoveredScript[] | null
}

const lookMs = 50
/** For what the traced process writes once it listens. */
const writeTimeoutMs = 60_000
/** Caches may be written after the port has opened. */
const primingMs = 1_000

/** Starts the service again and again, every arm with and without a trace, each time in a fresh process. */
export async function explainStarts(options: ExplainOptions): Promise<ExplainedStarts> {
  const { workDir, profile, runs, observeMs, onStep } = options
  const traces = path.join(workDir, 'traces')
  mkdirSync(traces)
  const arms: Arm[] = [{ name: 'cold', env: {}, preloads: [] }]
  if (profile !== null) {
    const arm = replayArm(profile, workDir)
    arms.push(arm)
    onStep('prewarm, which writes its caches')
    await start(options, arm, () => delay(primingMs))
  }
  const measured = arms.map((arm) => ({ arm, untraced: [] as number[], traced: [] as RawTrace[] }))
  for (let run = 1; run <= runs; run++) {
    for (const { arm, untraced, traced } of measured) {
      onStep(`${arm.name}, ${run} of ${runs}`)
      untraced.push(
        await start(options, arm, ({ listening }) => Promise.resolve(listening.sinceStartMs)),
      )
      onStep(`${arm.name}, ${run} of ${runs}, traced`)
      const withTrace = preloading(arm, 'trace.js', { PREWARM_EXPLAIN: traces })
      traced.push(
        await start(options, withTrace, async (measuring) => {
          const file = path.join(traces, `${measuring.listening.pid}.json`)
          await written(measuring, file, writeTimeoutMs)
          return JSON.parse(readFileSync(file, 'utf8')) as RawTrace
        }),
      )
    }
  }
  return {
    arms: measured.map(({ arm, untraced, traced }) => ({
      name: arm.name as StartArm['name'],
      untracedRunsMs: untraced,
      tracedRunsMs: traced.map(({ listenMs }) => listenMs),
      trace: fastestOf(traced),
    })),
    coverage: observeMs === 0 ? null : await cover(options, arms.at(-1)),
  }
}

/** What is called of what, in a start of its own: counting makes everything slower. */
async function cover(
  options: ExplainOptions,
  arm: Arm | undefined,
): Promise<readonly CoveredScript[] | null> {
  if (arm === undefined) return null
  const { workDir, observeMs, onStep } = options
  onStep(`${arm.name}, which functions are called`)
  const folder = path.join(workDir, 'coverage')
  mkdirSync(folder)
  const counted = preloading(arm, 'coverage.js', {
    // What the recorded requests call counts, too.
    PREWARM_BUDGET: options.env['PREWARM_BUDGET'] ?? '',
    PREWARM_EXPLAIN: folder,
    PREWARM_EXPLAIN_OBSERVE: String(observeMs),
    NODE_V8_COVERAGE: folder,
  })
  await start(options, counted, (measuring) => {
    const file = path.join(folder, `${measuring.listening.pid}.taken`)
    return written(measuring, file, observeMs + writeTimeoutMs)
  })
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => readCoverage(path.join(folder, name)))
}

function readCoverage(file: string): readonly CoveredScript[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { result: readonly CoveredScript[] }).result
  } catch {
    // Of a process that was ended while it wrote.
    return []
  }
}

function start<T>(
  options: ExplainOptions,
  arm: Arm,
  use: (measuring: Measuring) => Promise<T>,
): Promise<T> {
  return withServer({ ...options, serverOrdinal: 0 }, arm, (measuring) =>
    measuring.server.during(use(measuring)),
  )
}

async function written({ server }: Measuring, file: string, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!existsSync(file)) {
    if (performance.now() > deadline) {
      throw server.failure(`The service wrote no trace within ${timeoutMs / 1000} s`)
    }
    await delay(lookMs)
  }
}

/** Before the replayer, so that what that does is seen, too. */
function preloading(arm: Arm, file: string, env: Readonly<Record<string, string>>): Arm {
  const preload = new URL(file, import.meta.url).href
  return { ...arm, env: { ...arm.env, ...env }, preloads: [preload, ...arm.preloads] }
}

/** Nothing is rehearsed but to see what is called: what that takes is not what modules take. */
function replayArm(profile: string, workDir: string): Arm {
  const folder = path.join(workDir, 'state')
  mkdirSync(folder)
  return {
    name: 'prewarm',
    env: {
      PREWARM_PROFILE: profile,
      PREWARM_BUDGET: '0',
      PREWARM_REPORT: 'off',
      PREWARM_STATE_DIR: folder,
      PREWARM_CACHE_DIR: path.join(workDir, 'caches'),
    },
    // From dist/cli/explain/ to the bundle in dist/.
    preloads: [new URL('../../replay.mjs', import.meta.url).href],
  }
}

/** What else the machine does only ever makes a start longer. */
function fastestOf(traces: readonly RawTrace[]): RawTrace {
  return traces.reduce((fastest, each) => (each.listenMs < fastest.listenMs ? each : fastest))
}
