import path from 'node:path'
import { HostSlots, type HostSlot } from '../runtime/host-slots.ts'
import type { Config } from './config.ts'

/** Apart from each other, so that those who wait do not look all at once. */
const lookEveryMs = { from: 30, to: 70 }
/** Part of the longest wait that some wait less than others: whoever is late would else begin in the same moment. */
const spread = 0.2

/** `in`: it is the turn of this process. `late`: it has waited for as long as it may. `none`: there are no turns to be had. */
export type Turn = 'in' | 'late' | 'none'

/**
 * The processes of a host do not all rehearse at the same time: with more of them than processors each would get a few rounds into
 * its budget, and those that serve already would be slow meanwhile. Who is late rehearses all the same: most likely one that holds a
 * slot hangs, and to open cold would cost clients what it saves. Nothing in here throws.
 */
export class Wave {
  readonly #waitMs: number
  readonly #open: () => HostSlots | undefined
  #slots: HostSlots | undefined
  #slot: HostSlot | undefined

  constructor({ wave, waveWaitMs, stateDir, profile }: Config) {
    this.#waitMs = waveWaitMs * (1 - spread * Math.random())
    const folder = stateDir ?? (profile === undefined ? undefined : path.dirname(profile))
    const areTaken = wave > 0 && folder !== undefined
    this.#open = () => (areTaken ? new HostSlots(folder, wave) : undefined)
  }

  /**
   * Resolves when it is the turn of this process, or it need not or cannot wait any longer. Never rejects.
   *
   * @param onWait - called once, if it has to wait
   */
  async enter(stop: AbortSignal, onWait: () => void): Promise<Turn> {
    const endsAt = performance.now() + this.#waitMs
    let hasWaited = false
    while (!stop.aborted) {
      try {
        this.#slots ??= this.#open()
        // Everybody rehearses when it likes.
        if (this.#slots === undefined) return 'none'
        this.#slot = this.#slots.take()
        if (this.#slot !== undefined) return 'in'
      } catch {
        return 'none'
      }
      const leftMs = endsAt - performance.now()
      if (leftMs <= 0) return 'late'
      if (!hasWaited) onWait()
      hasWaited = true
      await pause(Math.min(leftMs, between(lookEveryMs)), stop)
    }
    return 'none'
  }

  leave(): void {
    this.#slot?.release()
    this.#slot = undefined
  }
}

function between({ from, to }: { readonly from: number; readonly to: number }): number {
  return from + Math.random() * (to - from)
}

/** Ends when `stop` does. */
function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    stop.addEventListener('abort', end)
  })
}
