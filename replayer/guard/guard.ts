import { channel } from 'node:diagnostics_channel'
import type { GuardReason, Standing, StartKind } from '../../formats/guard-state.ts'
import type { GuardReport, GuardVerdict } from '../../formats/report.ts'
import { GuardFiles } from '../../runtime/guard-files.ts'
import { observeListen } from '../../runtime/http-servers.ts'
import type { Natives } from '../../runtime/natives.ts'
import type { Config } from '../config.ts'
import type { Plan } from '../plan.ts'
import type { Refusal } from '../preflight.ts'
import { LatencyWatch } from './latency-watch.ts'
import { StartWatch, type StartLimit } from './start-watch.ts'
import { TierWatch, type WatchedFunction } from './tier-watch.ts'
import { Traffic } from './traffic.ts'

const pollMs = 1_000
/** A start that takes longer than this, and than twice that of the recording, is none of a server. */
const longestStartMs = 30_000
const maxInForce = 20
const noTiers = { functions: 0, polls: 0, pollsWithTraffic: 0, falls: 0, fallen: [], undone: 0 }

/**
 * Stage 7: finds out whether the profile does harm, undoes what can be undone, and keeps it for the next start. Nothing in here
 * throws.
 */
export class Guard {
  readonly #files: GuardFiles
  readonly #starts: StartWatch
  readonly #latency: LatencyWatch
  readonly #traffic: Traffic
  readonly #config: Config
  readonly #limit: StartLimit
  readonly #verdicts: GuardVerdict[] = []
  #tiers: TierWatch | undefined
  #state: GuardReport['state'] = 'waiting'
  #isTiersOver = true
  #poll: NodeJS.Timeout | undefined
  #window: NodeJS.Timeout | undefined
  #onChange: () => void = () => undefined

  constructor({ outline, isCommand }: Pick<Plan, 'outline' | 'isCommand'>, config: Config) {
    const { profile = '', stateDir, budgetMs } = config
    const { digest, meta } = outline
    const { listenMs } = meta
    this.#config = config
    this.#files = new GuardFiles(profile, stateDir, digest)
    this.#starts = new StartWatch(this.#files, digest)
    this.#latency = new LatencyWatch(outline, meta)
    this.#traffic = new Traffic(outline.servers)
    this.#limit = {
      longestStartMs: Math.max(longestStartMs, 2 * (listenMs ?? 0)) + budgetMs,
      isWorker: listenMs === null,
      isCommand,
    }
    if (this.refusal?.reason === 'CRASH_LOOP') this.#state = 'off'
  }

  /** What earlier starts have found out: functions that must not be optimised early, and whether any may be. */
  get standing(): Standing {
    return this.#starts.standing
  }

  /** Why this start must do without the profile; undefined: it need not. */
  get refusal(): Refusal | undefined {
    const { harmful, crashLoop } = this.standing
    if (crashLoop.phase === 'trial') {
      const detail = `The last ${crashLoop.deaths} starts with the profile died before they served.`
      return { reason: 'CRASH_LOOP', detail }
    }
    if (crashLoop.phase === 'proven') {
      const detail = 'Starts with the profile die, and those without it serve.'
      return { reason: 'CRASH_LOOP', detail }
    }
    return harmful && { reason: 'HARMFUL', detail: harmful.detail }
  }

  /** To be called before stage 1. */
  begin(): void {
    this.#starts.begin('applied', this.#limit)
  }

  /** A port is held: its start ends when it opens. */
  held(): void {
    this.#starts.held()
    if (this.#state !== 'waiting' || this.#config.watchMs === 0) return
    this.#latency.rehearse()
    this.#traffic.start()
  }

  /**
   * The port is open: clients come.
   *
   * @param functions - brought to a tier before that
   * @param natives - undefined: there is nothing to look at them with
   * @param onChange - the report has changed
   */
  opened(
    functions: readonly WatchedFunction[],
    natives: Natives | undefined,
    onChange: () => void,
  ): void {
    if (this.#state !== 'waiting') return
    this.#starts.opened()
    this.#onChange = onChange
    if (natives !== undefined) this.#tiers = new TierWatch(functions, natives)
    this.#isTiersOver = this.#tiers?.canTell !== true
    this.#watch('applied')
  }

  /** A start without the profile because of what earlier ones have found out: is it better? */
  watchCold(onChange: () => void): void {
    this.#onChange = onChange
    const { phase } = this.standing.crashLoop
    if (phase === 'trial') this.#starts.begin('cold', this.#limit)
    let isOpen = false
    observeListen(() => {
      if (isOpen) return
      isOpen = true
      this.#starts.opened()
      if (this.refusal?.reason === 'HARMFUL') this.#watch('cold')
    })
  }

  report(): GuardReport {
    return {
      state: this.#state,
      inForce: this.#inForce(),
      verdicts: this.#verdicts,
      tiers: this.#tiers?.counts() ?? noTiers,
      latency: this.#latency.counts(),
      trouble: this.#files.trouble ?? null,
    }
  }

  #inForce(): GuardVerdict[] {
    const { tierUpOff, quarantined } = this.standing
    const { refusal } = this
    return [
      ...(refusal === undefined ? [] : [refusal]),
      ...[tierUpOff, ...quarantined.values()].flatMap((verdict) =>
        verdict === undefined ? [] : [{ reason: verdict.reason, detail: verdict.detail }],
      ),
    ].slice(0, maxInForce)
  }

  #watch(start: StartKind): void {
    const { watchMs } = this.#config
    if (watchMs === 0 || (this.#isTiersOver && this.#latency.isOver)) {
      this.#state = 'off'
      this.#traffic.stop()
      return
    }
    this.#state = 'watching'
    this.#window = setTimeout(() => {
      this.#endTiers()
      this.#latency.stop()
      this.#finishIfOver()
    }, watchMs).unref()
    if (!this.#latency.isOver) {
      this.#latency.start(() => {
        // The answer that ended it goes first.
        setImmediate(() => {
          this.#judgeLatency(start)
          this.#finishIfOver()
        })
      })
    }
    if (this.#isTiersOver) {
      this.#traffic.stop()
      return
    }
    this.#traffic.start()
    this.#traffic.take()
    this.#poll = setInterval(() => {
      this.#pollTiers()
    }, pollMs).unref()
  }

  #pollTiers(): void {
    const tiers = this.#tiers
    if (tiers === undefined) return
    const quarantined = tiers.poll(this.#traffic.take())
    for (const each of quarantined) {
      const detail = `${each.name} lost its optimised code twice.`
      this.#condemn('QUARANTINED', detail, { name: each.name, sourceHash: each.sourceHash })
    }
    if (tiers.areTooManyFallen) {
      const { functions } = tiers.counts()
      this.#endTiers()
      // Those that still stand do so under traffic; only if requests are slow as well is that worth nothing.
      if (this.#latency.leansToHarm) tiers.undo()
      const detail = `${tiers.fallen} of ${functions} functions lost their optimised code.`
      this.#condemn('TIER_UP_OFF', detail)
    } else if (quarantined.length === 0) return
    this.#finishIfOver()
  }

  #judgeLatency(start: StartKind): void {
    const { verdict, requests, exceeded, slowRoutes } = this.#latency.counts()
    if (verdict !== 'harmful') return
    if (start === 'cold') {
      this.#files.append({ event: 'acquitted', reason: 'HARMFUL' })
      return
    }
    this.#tiers?.undo()
    this.#endTiers()
    const detail = `${exceeded} of the first ${requests} requests were slower than cold ones: ${slowRoutes.join(', ')}.`
    this.#condemn('HARMFUL', detail)
  }

  #condemn(
    reason: GuardReason,
    detail: string,
    fallen?: { readonly name: string; readonly sourceHash: string },
  ): void {
    this.#files.append({
      event: 'verdict',
      reason,
      detail,
      ...(fallen !== undefined && { function: fallen }),
    })
    this.#verdicts.push({ reason, detail })
  }

  #endTiers(): void {
    this.#isTiersOver = true
    clearInterval(this.#poll)
    this.#traffic.stop()
  }

  #finishIfOver(): void {
    if (this.#latency.isOver && this.#isTiersOver) {
      clearTimeout(this.#window)
      this.#state = 'over'
    }
    this.#tell()
  }

  #tell(): void {
    channel('prewarm:guard').publish(this.report())
    this.#onChange()
  }
}
