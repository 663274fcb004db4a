/**
 * `node --import prewarm/replay app.js`: the entry of the bundle. Whatever goes wrong in here, the application starts as
 * if it were not there; only `PREWARM_MODE=strict` asks for the opposite.
 */
import { channel } from 'node:diagnostics_channel'
import { isMainThread } from 'node:worker_threads'
import { isPrewarmError, messageOf } from '../formats/errors.ts'
import type { Reason } from '../formats/reasons.ts'
import type { RunReport, WorkCounts } from '../formats/report.ts'
import { observeListen } from '../runtime/http-servers.ts'
import { readConfig, type Config } from './config.ts'
import { isRehearsal } from '../runtime/rehearsal-context.ts'
import { preflight } from './preflight.ts'
import { Replay } from './replay.ts'
import { noWork, RunRecord, writeReport, writeReportNow } from './run-report.ts'
import { sharedKey, type Shared, type Status } from './status.ts'
import type { WorkToRehearse } from './work.ts'

const isOff = process.env['PREWARM_MODE'] === 'off' || !isMainThread
const isLoaded = sharedKey in globalThis
if (!isOff && !isLoaded) start()

function start(): void {
  let replay: Replay | undefined
  const state = shareStatus((work) => replay?.rehearseWork(work) ?? Promise.resolve(noWork))
  let config: Config
  try {
    config = readConfig(process.env)
  } catch (error) {
    const detail = `${messageOf(error)}. ${(isPrewarmError(error) && error.hint) || ''}`
    state.set({ state: 'cold', reason: 'CONFIG_INVALID', detail, report: null })
    if (process.env['PREWARM_MODE'] === 'strict') refuseToStart('CONFIG_INVALID', detail)
    else process.emitWarning(detail, { type: 'PrewarmWarning', code: 'PREWARM_CONFIG_INVALID' })
    return
  }
  const record = new RunRecord(config)
  const begin = performance.now()
  const plan = preflight(config.profile)
  record.addStage('preflight', performance.now() - begin)

  const stayCold = (reason: Reason, detail: string): void => {
    const report = record.cold(reason, detail)
    if (config.report !== undefined) writeReportNow(config.report, report)
    tell(config, report)
    state.set({ state: 'cold', reason, detail, report })
    if (config.mode === 'strict') refuseToStart(reason, detail)
  }

  if ('reason' in plan) {
    const { reason, detail } = plan
    if (reason !== 'APP_MISMATCH') stayCold(reason, detail)
    else {
      // Processes around the service inherit its environment: npm, wrappers, helpers. Only one that serves was meant.
      state.set({ state: 'cold', reason, detail, report: null })
      let isTold = false
      observeListen(() => {
        if (!isTold) stayCold(reason, detail)
        isTold = true
      })
    }
    return
  }
  const waiting: Status = {
    state: 'waiting',
    reason: null,
    detail: 'Nothing listens yet.',
    report: null,
  }
  state.set(waiting)
  let written = Promise.resolve()
  const publish = (report: RunReport): void => {
    const { report: file } = config
    // Both would write to the same draft.
    if (file !== undefined) written = written.then(() => writeReport(file, report))
    state.set({ state: 'open', reason: null, detail: report.detail, report })
  }
  try {
    const starting = new Replay(plan, config, record, {
      onRehearsing(detail) {
        state.set({ state: 'rehearsing', reason: null, detail, report: null })
      },
      onWaiting() {
        state.set(waiting)
      },
      onOpen(report) {
        tell(config, report)
        publish(report)
      },
      onMore(report) {
        channel('prewarm:report').publish(report)
        publish(report)
      },
    })
    starting.start()
    replay = starting
  } catch (error) {
    stayCold('INTERNAL_ERROR', messageOf(error))
  }
}

/** Makes the state visible to the application, which imports another copy of this package. */
function shareStatus(rehearse: (work: WorkToRehearse) => Promise<WorkCounts>): {
  set(status: Status): void
} {
  let current: Status = { state: 'waiting', reason: null, detail: '', report: null }
  const waiting: ((status: Status) => void)[] = []
  const isFinal = (): boolean => current.state === 'cold' || current.state === 'open'
  const shared: Shared = {
    status: () => current,
    isRehearsal,
    rehearse,
    whenReady: () =>
      new Promise((resolve) => {
        if (isFinal()) resolve(current)
        else waiting.push(resolve)
      }),
  }
  Object.defineProperty(globalThis, sharedKey, { value: shared })
  return {
    set(status) {
      current = status
      if (isFinal()) for (const resolve of waiting.splice(0)) resolve(status)
    },
  }
}

function tell(config: Config, report: RunReport): void {
  channel('prewarm:report').publish(report)
  if (!config.verbose) return
  process.stderr.write(
    report.reason === null
      ? `prewarm: ${report.detail}; open after ${Math.round(report.openMs ?? 0)} ms\n`
      : `prewarm: cold, ${report.reason}: ${report.detail}\n`,
  )
}

function refuseToStart(reason: Reason, detail: string): never {
  process.stderr.write(`prewarm: ERR_PREWARM_RPL_STRICT: ${reason}: ${detail}\n`)
  process.exit(1)
}
