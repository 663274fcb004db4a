import { quantile } from '../../dashboard/analysis/quantile.ts'
import { messageOf } from '../../formats/errors.ts'
import { openSender } from './exchange.ts'
import type { Driven, MeasuredRequest, Target } from './messages.ts'

/** A request waits for one of them when all are busy, and the wait is part of its latency. */
const maxConnections = 128

/** The first request is not late before it began. */
const leadMs = 5
/** Timers have whole milliseconds and may be late: what is left of a wait is spun away. */
const timerSlackMs = 2

/**
 * Sends `rounds` passes over the requests at a fixed rate, whatever the answers do. A latency runs from when the request was
 * due until the last byte of its response, so that whoever waits behind a slow answer is counted: Gil Tene, "How NOT to
 * Measure Latency" (2015), on coordinated omission. Latencies are in the order in which requests are due. Throws when one
 * fails or is not answered in 30 s.
 */
export async function driveAtRate(
  target: Target,
  requests: readonly MeasuredRequest[],
  rounds: number,
  ratePerSecond: number,
): Promise<Driven> {
  const sender = openSender(target, requests, maxConnections)
  try {
    return await sendAll(sender.sends, rounds * requests.length, ratePerSecond)
  } finally {
    sender.close()
  }
}

function sendAll(
  sends: ReturnType<typeof openSender>['sends'],
  count: number,
  ratePerSecond: number,
): Promise<Driven> {
  const intervalMs = 1000 / ratePerSecond
  const latenciesMs = new Float64Array(count)
  const delaysMs = new Float64Array(count)
  const statuses = new Uint16Array(count)
  const beginMs = performance.now() + leadMs
  const cpuBefore = process.cpuUsage()
  let sent = 0
  let answered = 0
  let spunMicros = 0
  let hasFailed = false

  function result(): Driven {
    const { user, system } = process.cpuUsage(cpuBefore)
    const busyMs = (user + system - spunMicros) / 1000
    return {
      latenciesMs,
      statuses,
      sendDelayP99Ms: quantile(delaysMs, 0.99),
      clientCores: Math.max(0, busyMs) / (performance.now() - beginMs + leadMs),
    }
  }

  return new Promise((resolve, reject) => {
    function send(index: number): void {
      const dueMs = beginMs + index * intervalMs
      sends[index % sends.length]?.().then(
        ({ startMs, endMs, status }) => {
          delaysMs[index] = startMs - dueMs
          latenciesMs[index] = endMs - dueMs
          statuses[index] = status
          if (++answered === count) resolve(result())
        },
        (error: unknown) => {
          hasFailed = true
          const doubt = `${ratePerSecond} requests a second may be more than it can take`
          reject(new Error(`${messageOf(error)} (${doubt})`))
        },
      )
    }

    function sendWhatIsDue(): void {
      if (hasFailed) return
      while (sent < count && beginMs + sent * intervalMs <= performance.now()) send(sent++)
      if (sent === count) return
      const waitMs = beginMs + sent * intervalMs - performance.now()
      if (waitMs > timerSlackMs + 1) setTimeout(sendWhatIsDue, Math.floor(waitMs - timerSlackMs))
      else spin()
    }

    /** Once around the event loop, so that answers are seen as they come. */
    function spin(): void {
      const events = sent + answered
      const before = process.cpuUsage()
      setImmediate(() => {
        const { user, system } = process.cpuUsage(before)
        if (events === sent + answered) spunMicros += user + system
        sendWhatIsDue()
      })
    }

    sendWhatIsDue()
  })
}
