import type { IncomingMessage } from 'node:http'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type net from 'node:net'

export interface StreamEvent {
  readonly stream: ServerHttp2Stream
  readonly headers: IncomingHttpHeaders
  readonly rawHeaders: readonly string[]
}

/** What no channel tells on all Node lines. Neither may throw. */
export interface ServerEvents {
  /** A request over HTTP/2, whichever of its two interfaces the application uses. */
  onStream(event: StreamEvent): void
  /** The application takes a connection over, and speaks another protocol on it. */
  onUpgrade(request: IncomingMessage): void
}

type StreamArguments = [
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  flags: number,
  rawHeaders: string[],
]

/**
 * Tells of events before the application hears of them. A listener would do something besides: one for 'request' makes
 * Node build compatible objects, one for 'upgrade' makes it leave upgrades to whoever listens.
 */
export function watchServer(server: net.Server, events: ServerEvents): void {
  const emit = server.emit
  server.emit = function (this: net.Server, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'stream') {
      const [stream, headers, , rawHeaders] = args as StreamArguments
      events.onStream({ stream, headers, rawHeaders })
    } else if (event === 'upgrade') events.onUpgrade(args[0] as IncomingMessage)
    return Reflect.apply(emit, this, [event, ...args]) as boolean
  }
}
