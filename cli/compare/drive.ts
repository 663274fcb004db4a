import { openSender } from './exchange.ts'
import type { Driven, MeasuredRequest, Target } from './messages.ts'

/**
 * Sends `rounds` passes over the requests, one request at a time, over one new keep-alive connection. A latency
 * runs from just before the request is handed to the connection until the last byte of the response; that of
 * the very first request includes opening the connection. Throws when a request fails or is not answered in 30 s.
 */
export async function drive(
  target: Target,
  requests: readonly MeasuredRequest[],
  rounds: number,
): Promise<Driven> {
  const latenciesMs = new Float64Array(rounds * requests.length)
  const statuses = new Uint16Array(rounds * requests.length)
  const { sends, close } = openSender(target, requests, 1)
  try {
    for (let index = 0; index < latenciesMs.length; index++) {
      const send = sends[index % sends.length]
      if (send === undefined) break
      const { startMs, endMs, status } = await send()
      latenciesMs[index] = endMs - startMs
      statuses[index] = status
    }
  } finally {
    close()
  }
  return { latenciesMs, statuses, sendDelayP99Ms: null, clientCores: null }
}
