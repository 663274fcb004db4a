import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { loadavg } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isPrewarmError, messageOf } from '../../formats/errors.ts'
import { toWholeMicros, type LeftOut, type ResultsRun } from '../../formats/results.ts'
import { parseRunReportText } from '../../formats/run-report-json.ts'
import { withPreloads } from '../node-command.ts'
import { startClient, type Client } from './client-process.ts'
import { openControlChannel, type ControlChannel } from './control-channel.ts'
import type { ListeningMessage, MeasuredRequest } from './messages.ts'
import { startServer, type ServerProcess } from './server-process.ts'

/** One way to start the service. */
export interface Arm {
  readonly name: string
  /** What sets it apart, for people: `PREWARM_BUDGET=500ms`. */
  readonly setting?: string
  /** Its own, in place of that of all arms. */
  readonly command?: readonly string[]
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>
  /** `file:` URLs of modules to preload, after the probe. */
  readonly preloads: readonly string[]
  /** Where Node keeps its compile cache in this arm: it is filled by an unmeasured run first. */
  readonly compileCacheDir?: string
  /** Its own: emptied before every run, so that no start learns from another one. */
  readonly folder?: string
  /** A run report that the preloaded modules write there. */
  readonly reportFile?: string
}

export interface MeasureOptions {
  /** The service: executable and arguments. */
  readonly command: readonly string[]
  /** What every arm inherits. */
  readonly env: NodeJS.ProcessEnv
  readonly arms: readonly Arm[]
  readonly requests: readonly MeasuredRequest[]
  /** Which HTTP server of the service to ask, see {@link ListeningMessage.ordinal}. */
  readonly serverOrdinal: number
  readonly runs: number
  readonly rounds: number
  /** Of requests, in an open loop; null: each follows the answer to the last one. */
  readonly ratePerSecond: number | null
  readonly listenTimeoutMs: number
  /** An empty folder that only we can enter; the caller removes it. */
  readonly workDir: string
  readonly signal: AbortSignal
  /** Called before an arm is started; run 0 is the priming. */
  readonly onStart?: (run: number, arm: string) => void
  readonly onFinish?: (run: ResultsRun) => void
  /** Called when an arm turns out not to be measurable, before the first run. */
  readonly onLeftOut?: (leftOut: LeftOut) => void
  /** Whether a start was measured earlier and is not repeated. */
  readonly isDone?: (run: number, arm: string) => boolean
  /** Called when a run of all arms is complete: whether it is the last one. `isNew`: not all of it was done earlier. */
  readonly isEnough?: (run: number, isNew: boolean) => boolean
}

export interface Measurement {
  /** In the order in which they were measured. */
  readonly runs: readonly ResultsRun[]
  readonly leftOut: readonly LeftOut[]
}

/** Rounds of an unmeasured run: enough to load whatever the requests load. */
const primingRounds = 10

/**
 * Starts every arm once per run, each in a fresh process, in an order that is rotated by one from run to run, so
 * that no arm always comes after the same other one or at the same temperature of the machine. Starts that are done already
 * are passed over. Throws coded errors; a service that fails ends the whole measurement.
 */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const isDone = options.isDone ?? (() => false)
  const numbers = Array.from({ length: options.runs }, (_, index) => index + 1)
  const isLeft = options.arms.some(({ name }) => numbers.some((run) => !isDone(run, name)))
  if (!isLeft) return { runs: [], leftOut: [] }
  const client = await startClient(options.requests, options.ratePerSecond !== null)
  try {
    const { arms, leftOut } = await primeArms(options, client)
    const runs: ResultsRun[] = []
    for (const run of numbers) {
      const first = (run - 1) % arms.length
      const order = [...arms.slice(first), ...arms.slice(0, first)]
      const left = order.filter(({ name }) => !isDone(run, name))
      for (const arm of left) {
        options.onStart?.(run, arm.name)
        const result = await measureRun(options, arm, run, client)
        runs.push(result)
        options.onFinish?.(result)
      }
      if (options.isEnough?.(run, left.length > 0) === true) break
    }
    return { runs, leftOut }
  } finally {
    client.close()
  }
}

async function measureRun(
  options: MeasureOptions,
  arm: Arm,
  run: number,
  client: Client,
): Promise<ResultsRun> {
  if (arm.folder !== undefined) {
    rmSync(arm.folder, { recursive: true, force: true })
    mkdirSync(arm.folder)
  }
  const at = new Date().toISOString()
  return withServer(options, arm, async ({ server, listening, control }) => {
    const { requests, rounds, ratePerSecond } = options
    const driven = await server.during(
      client.drive(listening.target, requests, rounds, ratePerSecond),
    )
    const usage = await server.during(control.usage())
    return {
      arm: arm.name,
      run,
      at,
      node: listening.node,
      timeToListenMs: listening.clockMs - server.spawnedClockMs,
      cpuMs: usage.cpuMs,
      rssBytes: usage.rssBytes,
      load1: process.platform === 'win32' ? null : (loadavg()[0] ?? null),
      sendDelayP99Ms: driven.sendDelayP99Ms,
      ...(driven.clientCores !== null && { clientCores: driven.clientCores }),
      latenciesMs: toWholeMicros(driven.latenciesMs),
      statuses: driven.statuses,
      report: arm.reportFile === undefined ? null : parseRunReportText(readText(arm.reportFile)),
    }
  })
}

async function primeArms(
  options: MeasureOptions,
  client: Client,
): Promise<{ readonly arms: readonly Arm[]; readonly leftOut: readonly LeftOut[] }> {
  const arms: Arm[] = []
  const leftOut: LeftOut[] = []
  for (const arm of options.arms) {
    const why =
      arm.compileCacheDir === undefined
        ? undefined
        : await prime(options, arm, arm.compileCacheDir, client)
    if (why === undefined) {
      arms.push(arm)
      continue
    }
    const left = { arm: arm.name, why }
    leftOut.push(left)
    options.onLeftOut?.(left)
  }
  return { arms, leftOut }
}

/** Fills the compile cache of the arm; a sentence when this Node has none. */
async function prime(
  options: MeasureOptions,
  arm: Arm,
  cacheDir: string,
  client: Client,
): Promise<string | undefined> {
  options.onStart?.(0, arm.name)
  return withServer(options, arm, async ({ server, listening, control }) => {
    if (!listening.hasCompileCache) return `Node ${listening.node} has no compile cache of its own`
    const rounds = Math.min(primingRounds, options.rounds)
    await server.during(client.drive(listening.target, options.requests, rounds, null))
    await server.during(control.flush())
    return isEmpty(cacheDir) ? "Node's compile cache stayed empty" : undefined
  })
}

/** What it takes to start one arm. */
export type StartOptions = Pick<
  MeasureOptions,
  'command' | 'env' | 'serverOrdinal' | 'listenTimeoutMs' | 'workDir' | 'signal'
>

export interface Measuring {
  readonly server: ServerProcess
  readonly listening: ListeningMessage
  readonly control: ControlChannel
}

/** Starts an arm, lets `use` do with it once it listens, and ends it. */
export async function withServer<T>(
  options: StartOptions,
  arm: Arm,
  use: (measuring: Measuring) => Promise<T>,
): Promise<T> {
  options.signal.throwIfAborted()
  const address = controlAddress(options.workDir)
  const control = await openControlChannel(address)
  const probe = new URL('./probe.js', import.meta.url).href
  const env = { ...options.env, ...arm.env, PREWARM_PROBE: address }
  const server = startServer(
    withPreloads(arm.command ?? options.command, [probe, ...arm.preloads], env),
    options.signal,
  )
  try {
    const listening = await listen(options, server, control)
    return await use({ server, listening, control })
  } catch (error) {
    if (isPrewarmError(error)) throw error
    // What it wrote while it fell is complete only when it is gone.
    await server.stop()
    throw server.failure(`Arm ${arm.name}: ${messageOf(error)}`)
  } finally {
    await server.stop()
    control.close()
  }
}

async function listen(
  options: StartOptions,
  server: ServerProcess,
  control: ControlChannel,
): Promise<ListeningMessage> {
  const deadline = new AbortController()
  const late = delay(options.listenTimeoutMs, undefined, { signal: deadline.signal }).then(() => {
    throw server.failure(
      `No HTTP server listened within ${options.listenTimeoutMs / 1000} s`,
      'ERR_PREWARM_CLI_NO_LISTEN',
    )
  })
  try {
    return await server.during(Promise.race([control.listening(options.serverOrdinal), late]))
  } finally {
    deadline.abort()
  }
}

/** Unix socket paths are short (107 bytes on Linux), so the name is too. */
function controlAddress(workDir: string): string {
  const name = randomBytes(4).toString('hex')
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\prewarm-${name}`
    : path.join(workDir, `${name}.sock`)
}

function isEmpty(dir: string): boolean {
  try {
    return readdirSync(dir).length === 0
  } catch {
    return true
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
