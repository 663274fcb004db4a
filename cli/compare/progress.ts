import type { ResultsRun } from '../../formats/results.ts'
import { formatMs } from '../../dashboard/analysis/units.ts'

/** A sink like `process.stderr`. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export interface Progress {
  started(run: number, arm: string): void
  finished(run: ResultsRun, requestCount: number): void
  /** A sentence that stays. */
  say(sentence: string): void
  clear(): void
}

/** One line that is rewritten on a terminal; elsewhere a plain line for every run that has ended. */
export function progressOn(stream: ProgressStream, runs: number): Progress {
  const isLive = stream.isTTY === true
  return {
    started(run, arm) {
      const doing = run === 0 ? `${arm}: filling its cache` : `run ${run} of ${runs}: ${arm}`
      if (isLive) stream.write(`\r\u001b[K${doing} ...`)
    },
    finished({ run, arm, latenciesMs, timeToListenMs }, requestCount) {
      if (isLive) return
      const first = formatMs(latenciesMs.subarray(0, requestCount).reduce((sum, ms) => sum + ms, 0))
      const listening = formatMs(timeToListenMs)
      stream.write(
        `run ${run} of ${runs}: ${arm}, listening after ${listening}, first requests ${first}\n`,
      )
    },
    say(sentence) {
      stream.write(`${isLive ? '\r\u001b[K' : ''}${sentence}\n`)
    },
    clear() {
      if (isLive) stream.write('\r\u001b[K')
    },
  }
}
