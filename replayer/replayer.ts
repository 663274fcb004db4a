/**
 * The entry of the bundle that the preload loads. Whatever goes wrong in here, the application starts as if it were not there; only
 * `PREWARM_MODE=strict` asks for the opposite.
 */
import { channel } from 'node:diagnostics_channel'
import path from 'node:path'
import { isPrewarmError, messageOf } from '../formats/errors.ts'
import type { Reason } from '../formats/reasons.ts'
import type { RunReport, WorkCounts } from '../formats/report.ts'
import { replaySettings } from '../formats/settings.ts'
import { identifyApp } from '../runtime/app.ts'
import { entryOfProcess } from '../runtime/pm2.ts'
import { loadConfigFile, type ConfigFile } from '../runtime/config-file.ts'
import { observeListen } from '../runtime/http-servers.ts'
import { isRehearsal } from '../runtime/rehearsal-context.ts'
import { isStrict, readConfig, type Config } from './config.ts'
import { Guard } from './guard/guard.ts'
import { Live, type LiveHead } from './live/live.ts'
import { NextStart } from './next-start.ts'
import { preflight, refusalOf } from './preflight.ts'
import { Replay } from './replay.ts'
import { ResourceRegistry } from './resource-registry.ts'
import { noWork, RunRecord, writeReport, writeReportNow } from './run-report.ts'
import { sharedKey, type Shared, type Status } from './status.ts'
import { endVerified } from './verify.ts'
import type { WorkToRehearse } from './work.ts'

declare const prewarmVersion: string

const statusOff: Status = {
  state: 'off',
  reason: 'MODE_OFF',
  detail: 'The mode is off.',
  report: null,
}
/** undefined: nobody looks on. */
let live: Live | undefined
if (process.env['PREWARM_MODE'] === 'off') {
  beginLive(liveOfEnvironment(), 'off')
  live?.status(statusOff)
} else {
  const resources = new ResourceRegistry()
  const state = shareStatus(resources)
  const config = loadConfig(state)
  if (config !== undefined) start(config, state, resources)
}

/** undefined: there is nothing more to be done. */
function loadConfig(state: SharedStatus): Config | undefined {
  let file: ConfigFile | undefined
  try {
    file = loadConfigFile(process.env, identifyApp(entryOfProcess()).root)
    const config = readConfig(process.env, file)
    const { mode, profile, budgetMs } = config
    if (config.verify === undefined) {
      beginLive(config.live, mode, profile, mode === 'off' ? null : budgetMs)
    }
    if (mode !== 'off') return config
    state.set(statusOff)
  } catch (error) {
    beginLive(liveOfEnvironment(), isStrict(process.env, file) ? 'strict' : 'auto')
    const detail = `${messageOf(error)}. ${(isPrewarmError(error) && error.hint) || ''}`
    state.set({ state: 'cold', reason: 'CONFIG_INVALID', detail, report: null })
    const isVerified = Boolean(process.env['PREWARM_VERIFY'])
    if (isVerified || isStrict(process.env, file)) refuseToStart('CONFIG_INVALID', detail)
    else process.emitWarning(detail, { type: 'PrewarmWarning', code: 'PREWARM_CONFIG_INVALID' })
  }
  return undefined
}

/** Where the configuration file does not count. */
function liveOfEnvironment(): string | undefined {
  const folder = process.env[replaySettings.live.env]
  try {
    return folder ? path.resolve(folder) : undefined
  } catch {
    // The folder that the process was started in is gone.
    return undefined
  }
}

function beginLive(
  folder: string | undefined,
  mode: LiveHead['mode'],
  profile = process.env[replaySettings.profile.env] || undefined,
  budgetMs: number | null = null,
): void {
  if (folder === undefined) return
  const name = profile === undefined ? null : path.basename(profile)
  live = new Live(folder, { prewarm: prewarmVersion, mode, profile: name, budgetMs })
}

function start(config: Config, state: SharedStatus, resources: ResourceRegistry): void {
  const record = new RunRecord(config)
  record.onStage = (name, ms) => live?.stage(name, ms)
  const begin = performance.now()
  const nextStart = new NextStart(config)
  const plan = preflight(config.profile, nextStart.known)
  record.addStage('preflight', performance.now() - begin)

  const stayCold = (reason: Reason, detail: string): void => {
    const report = record.cold(reason, detail)
    if (config.verify !== undefined) endVerified(config.verify, report)
    if (config.report !== undefined) writeReportNow(config.report, report)
    tell(config, report)
    state.set({ state: 'cold', reason, detail, report })
    if (config.mode === 'strict') refuseToStart(reason, detail)
  }

  let written = Promise.resolve()
  const publish = (report: RunReport, status: Status): void => {
    const { report: file } = config
    // Both would write to the same draft.
    if (file !== undefined) written = written.then(() => writeReport(file, report))
    state.set(status)
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
  live?.redact(plan.meta.redactedKeys)
  live?.open()
  if (plan.lock !== undefined && config.mode === 'strict') {
    stayCold('PROFILE_LOCKED', plan.lock)
    return
  }
  let guard: Guard
  try {
    guard = new Guard(plan, config)
  } catch (error) {
    stayCold('INTERNAL_ERROR', messageOf(error))
    return
  }
  record.guard = guard
  live?.watch(guard)
  const { refusal } = guard
  if (refusal !== undefined) {
    const { reason, detail } = refusal
    stayCold(reason, detail)
    guard.watchCold(() => {
      const report = record.cold(reason, detail)
      publish(report, { state: 'cold', reason, detail, report })
    })
    return
  }
  const waiting: Status = {
    state: 'waiting',
    reason: null,
    detail: 'Nothing listens yet.',
    report: null,
  }
  state.set(waiting)
  const open = (report: RunReport): void => {
    publish(report, { state: 'open', reason: null, detail: report.detail, report })
  }
  try {
    guard.begin()
    const replay = new Replay(plan, config, record, resources, guard, {
      onRehearsing(detail) {
        state.set({ state: 'rehearsing', reason: null, detail, report: null })
      },
      onTurnAwaited() {
        state.set({ ...waiting, detail: 'Other processes of the host are rehearsing.' })
      },
      onProgress(rounds, part) {
        live?.progress(rounds, part)
      },
      onWaiting() {
        state.set(waiting)
      },
      onOpen(report) {
        if (config.verify !== undefined) endVerified(config.verify, report)
        tell(config, report)
        open(report)
        nextStart.keepLater(plan)
      },
      onEnd(report) {
        if (config.verify !== undefined) endVerified(config.verify, report)
        if (config.report !== undefined) writeReportNow(config.report, report)
        tell(config, report)
        nextStart.keep(plan)
      },
      onMore(report) {
        channel('prewarm:report').publish(report)
        open(report)
      },
    })
    state.isMarked = (request) => replay.isMarked(request)
    replay.start()
    state.rehearse = (work) => replay.rehearseWork(work)
  } catch (error) {
    const { reason, detail } = refusalOf(error)
    stayCold(reason, detail)
  }
}

interface SharedStatus {
  set(status: Status): void
  isMarked: (request: object) => boolean
  rehearse: (work: WorkToRehearse) => Promise<WorkCounts>
}

/** Makes the state visible to the application, which imports another copy of this package. */
function shareStatus(resources: ResourceRegistry): SharedStatus {
  let current: Status = { state: 'waiting', reason: null, detail: '', report: null }
  const waiting: ((status: Status) => void)[] = []
  const isFinal = (): boolean => ['off', 'cold', 'open'].includes(current.state)
  const shared: Shared = {
    status: () => current,
    isRehearsal: (request) => (request === undefined ? isRehearsal() : state.isMarked(request)),
    register: (resource) => resources.register(resource),
    rehearse: (work) => state.rehearse(work),
    whenReady: () =>
      new Promise((resolve) => {
        if (isFinal()) resolve(current)
        else waiting.push(resolve)
      }),
  }
  Object.defineProperty(globalThis, sharedKey, { value: shared })
  const state: SharedStatus = {
    isMarked: () => false,
    rehearse: () => Promise.resolve(noWork),
    set(status) {
      current = status
      live?.status(status)
      if (!isFinal()) return
      resources.close()
      for (const resolve of waiting.splice(0)) resolve(status)
    },
  }
  return state
}

function tell(config: Config, report: RunReport): void {
  channel('prewarm:report').publish(report)
  if (!config.verbose) return
  process.stderr.write(
    report.reason === null
      ? `prewarm: ${report.detail}${openedAfter(report)}\n`
      : `prewarm: cold, ${report.reason}: ${report.detail}\n`,
  )
}

function openedAfter({ openMs }: RunReport): string {
  return openMs === null ? '' : `; open after ${Math.round(openMs)} ms`
}

function refuseToStart(reason: Reason, detail: string): never {
  process.stderr.write(`prewarm: ERR_PREWARM_RPL_STRICT: ${reason}: ${detail}\n`)
  process.exit(1)
}
