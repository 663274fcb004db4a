import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { RunReport } from '../../formats/report.ts'
import { parseRunReportText } from '../../formats/run-report-json.ts'
import { startServer, type ServerProcess } from '../compare/server-process.ts'
import { withPreloads } from '../node-command.ts'

const lookMs = 50
/** For the exit handlers of the service; then it is ended. */
const graceMs = 1_000

export interface VerifiedStart {
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly timeoutMs: number
}

/**
 * Starts the service with the replayer, which ends it where its port would open, and gives back the run report. Throws what
 * the service fails of, and `ERR_PREWARM_CLI_NO_LISTEN` when it has not come to that in time.
 */
export async function startVerified(
  { command, env, timeoutMs }: VerifiedStart,
  workDir: string,
  signal: AbortSignal,
): Promise<RunReport> {
  const file = path.join(workDir, 'verified.json')
  const preload = new URL('../../replay.mjs', import.meta.url).href
  const server = startServer(
    withPreloads(command, [preload], { ...env, PREWARM_VERIFY: file }),
    signal,
  )
  const looking = new AbortController()
  try {
    const report = await server
      .during(look(file, timeoutMs, looking.signal))
      .catch((error: unknown) => {
        // It may have ended between two looks.
        const last = readReport(file)
        if (last === null) throw error
        return last
      })
    if (report !== undefined) {
      await Promise.race([
        ended(server),
        delay(graceMs, undefined, { signal: looking.signal }).catch(() => undefined),
      ])
      return report
    }
  } finally {
    looking.abort()
    await server.stop()
  }
  throw server.failure(
    `The service neither listened nor rehearsed its recorded work within ${timeoutMs / 1000} s`,
    'ERR_PREWARM_CLI_NO_LISTEN',
  )
}

/** undefined: the time is up. */
async function look(
  file: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<RunReport | undefined> {
  const deadline = performance.now() + timeoutMs
  while (performance.now() < deadline && !signal.aborted) {
    const report = readReport(file)
    if (report !== null) return report
    await delay(lookMs)
  }
  return undefined
}

function ended(server: ServerProcess): Promise<void> {
  return server.during(new Promise<never>(() => undefined)).catch(() => undefined)
}

function readReport(file: string): RunReport | null {
  try {
    return parseRunReportText(readFileSync(file, 'utf8'))
  } catch {
    return null
  }
}
