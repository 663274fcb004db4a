import type { LiveLine, LiveStart } from '../../formats/live.ts'
import type { GuardReport, RunReport, StageName } from '../../formats/report.ts'
import { identifyApp } from '../../runtime/app.ts'
import { entryOfProcess } from '../../runtime/pm2.ts'
import { observeListen } from '../../runtime/http-servers.ts'
import type { Status } from '../status.ts'
import { LiveFile } from './live-file.ts'
import { tenths, TrafficWatch } from './live-traffic.ts'

/** From when the first server listens, or nothing waits for one any more. */
const lastsMs = 5 * 60_000
const progressEveryMs = 250
const trafficEveryMs = 1_000
const maxServers = 16

export type LiveHead = Pick<LiveStart, 'prewarm' | 'mode' | 'profile' | 'budgetMs'>

/**
 * Writes down for `prewarm dashboard` what this process does with its profile, and how its first requests fare. Whatever goes wrong
 * in here ends it, and nothing else.
 */
export class Live {
  readonly #file: LiveFile
  readonly #traffic = new TrafficWatch()
  #guard: { report(): GuardReport } | undefined
  #isOpen = false
  #isOver = false
  /** When it began, and then when the port opened. */
  #since = performance.now()
  #hasOpened = false
  #servers = 0
  #state = ''
  #progress: { readonly rounds: number; readonly part: number } | undefined
  #report: RunReport | undefined
  #verdicts = 0
  #tiers = ''
  #lastTrafficAt = 0

  /** @param folder - absolute path */
  constructor(folder: string, head: LiveHead) {
    this.#file = new LiveFile(folder)
    this.#safely(() => {
      this.#add({
        type: 'start',
        ms: now(),
        schemaVersion: 1,
        ...head,
        pid: process.pid,
        node: process.version,
        appId: identifyApp(entryOfProcess()).id,
        startedAt: new Date(performance.timeOrigin).toISOString(),
      })
      // The gate wraps this in turn: a port that is held is not heard of before it opens.
      observeListen(() => {
        this.#safely(() => {
          this.#listens()
        })
      })
    })
  }

  /**
   * This process is the service. Others inherit its environment too, such as npm: of one that has no profile of its own, nobody wants
   * a file unless it listens.
   */
  open(): void {
    this.#safely(() => {
      if (this.#isOpen) return
      this.#isOpen = true
      this.#file.open()
      if (this.#file.hasFailed) {
        this.#stop()
        return
      }
      this.#traffic.start()
      process.on('exit', this.#onExit)
      this.#schedule()
    })
  }

  /** @param names - names of secrets, as the profile has them */
  redact(names: readonly string[]): void {
    this.#safely(() => {
      this.#traffic.redact(names)
    })
  }

  watch(guard: { report(): GuardReport }): void {
    this.#guard = guard
  }

  status({ state, reason, detail, report }: Status): void {
    this.#safely(() => {
      this.#traffic.isRehearsing = state === 'rehearsing'
      if (state === 'open') this.#opened()
      const line = { state, reason, detail }
      const text = JSON.stringify(line)
      if (text !== this.#state) this.#add({ type: 'state', ms: now(), ...line })
      this.#state = text
      if (report === null) return
      this.#report = report
      const verdicts = report.guard?.verdicts ?? []
      for (const { reason, detail } of verdicts.slice(this.#verdicts)) {
        this.#add({ type: 'guard', ms: now(), reason, detail })
      }
      this.#verdicts = verdicts.length
    })
  }

  /** @param ms - how long it took until now */
  stage(name: StageName, ms: number): void {
    this.#safely(() => {
      this.#addProgress()
      const endedAt = performance.now()
      this.#add({
        type: 'stage',
        ms: tenths(endedAt),
        name,
        startMs: tenths(Math.max(0, endedAt - ms)),
      })
    })
  }

  progress(rounds: number, part: number): void {
    this.#progress = { rounds, part: Math.min(1, Math.max(0, part)) }
  }

  #listens(): void {
    this.open()
    this.#traffic.isRehearsing = false
    this.#opened()
    if (this.#servers++ < maxServers) this.#add({ type: 'listen', ms: now() })
  }

  #opened(): void {
    if (this.#hasOpened) return
    this.#hasOpened = true
    this.#since = performance.now()
  }

  #add(line: LiveLine): void {
    if (!this.#isOver && !this.#file.add(line)) this.#end('size')
  }

  #addProgress(): void {
    if (this.#progress === undefined) return
    const { rounds, part } = this.#progress
    this.#progress = undefined
    this.#add({ type: 'rehearsal', ms: now(), rounds, part: Math.round(part * 1000) / 1000 })
  }

  #addReport(): void {
    const report = this.#report
    this.#report = undefined
    if (report !== undefined) this.#add({ type: 'report', ms: now(), report })
  }

  #addTraffic(): void {
    const traffic = this.#traffic.take()
    if (traffic !== undefined) this.#add(traffic)
  }

  #addTiers(): void {
    const tiers = this.#guard?.report().tiers
    if (tiers === undefined || tiers.functions === 0) return
    const counts = `${tiers.falls} ${tiers.undone}`
    if (counts !== this.#tiers) this.#add({ type: 'tiers', ms: now(), ...tiers })
    this.#tiers = counts
  }

  /** From here on each tick starts the next one, so that none runs in the context of a rehearsal, whose writes are guarded. */
  #schedule(): void {
    setTimeout(this.#tick, this.#hasOpened ? trafficEveryMs : progressEveryMs).unref()
  }

  readonly #tick = (): void => {
    this.#safely(() => {
      const time = performance.now()
      this.#addProgress()
      this.#addReport()
      // Timers may be a little early.
      if (time - this.#lastTrafficAt > trafficEveryMs - progressEveryMs / 2) {
        this.#lastTrafficAt = time
        this.#addTraffic()
        this.#addTiers()
      }
      if (time - this.#since > lastsMs) this.#end('time')
      if (this.#file.hasFailed) this.#stop()
      if (this.#isOver) return
      this.#file.flush()
      this.#schedule()
    })
  }

  readonly #onExit = (code: number): void => {
    this.#safely(() => {
      this.#addProgress()
      this.#addReport()
      this.#addTraffic()
      if (!this.#isOver) this.#file.endNow({ type: 'end', ms: now(), why: 'exit', code })
    })
  }

  #end(why: 'time' | 'size'): void {
    this.#stop()
    this.#file.end({ type: 'end', ms: now(), why, code: null })
  }

  #stop(): void {
    this.#isOver = true
    this.#traffic.stop()
    process.off('exit', this.#onExit)
  }

  #safely(work: () => void): void {
    if (this.#isOver) return
    try {
      work()
    } catch {
      this.#stop()
    }
  }
}

function now(): number {
  return tenths(performance.now())
}
