import { randomBytes } from 'node:crypto'
import type { LiveEvent } from '../api.ts'
import type { LiveTail } from './live-tail.ts'

/** So that proxies and both ends notice a connection that is dead. */
const heartbeatMs = 15_000
const retryMs = 1000

/** Messages that may wait for a client that does not read. It comes again, and is told what it has missed. */
const maxWaiting = 2000

/** Numbers of changes mean nothing to another start of the server. */
const boot = randomBytes(6).toString('base64url')

/** The body of `GET /api/live`, see `LiveEvent`. Ends when the client goes away. */
export function liveStream(
  tail: LiveTail,
  lastEventId: string | undefined,
): ReadableStream<Uint8Array> {
  const waiting: string[] = [`retry: ${retryMs}\n\n`]
  let isOver = false
  let heartbeat: NodeJS.Timeout | undefined
  let stop: (() => void) | undefined
  let wake: (() => void) | undefined

  function send(message: string): void {
    if (waiting.length >= maxWaiting) end()
    else waiting.push(message)
    wake?.()
  }

  function end(): void {
    isOver = true
    clearInterval(heartbeat)
    stop?.()
    wake?.()
  }

  /** Not before somebody reads: the answer to a `HEAD` has a stream that nobody ever reads or ends. */
  function begin(): void {
    heartbeat = setInterval(send, heartbeatMs, ':\n\n')
    const begun = tail.listen(
      numberOf(lastEventId),
      (events, number) => {
        for (const event of events) send(messageOf(event))
        // Only now does the client know all of these.
        send(`id: ${boot}.${number}\n\n`)
      },
      (event, number) => {
        send(`id: ${boot}.${number}\n${messageOf(event)}`)
      },
    )
    begun.then((stopListening) => {
      stop = stopListening
      if (isOver) stop()
    }, end)
  }

  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (heartbeat === undefined) begin()
        while (waiting.length === 0 && !isOver) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
        const message = isOver ? undefined : waiting.shift()
        if (message === undefined) controller.close()
        else controller.enqueue(encoder.encode(message))
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

function messageOf(event: LiveEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`
}

/** 0: the client knows nothing, or nothing of this start. */
function numberOf(lastEventId: string | undefined): number {
  const [, known, number] = /^([\w-]+)\.(\d{1,15})$/.exec(lastEventId ?? '') ?? []
  return known === boot ? Number(number) : 0
}
