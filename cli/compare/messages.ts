/** What the probe in the measured service, the client process and the driver say to one another. */

/** A request as it is sent, again and again. */
export interface MeasuredRequest {
  /** Name under which results are grouped: `GET /items/:id`. */
  readonly route: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Uint8Array | null
  /** Status of the recorded answer, when there is one. */
  readonly recordedStatus: number | null
}

/** Probe to driver, once per HTTP server of the service. */
export interface ListeningMessage {
  readonly type: 'listening'
  readonly pid: number
  /** Position among the HTTP servers of the process, in the order in which `listen` was called. */
  readonly ordinal: number
  readonly target: Target
  /** The system-wide monotonic clock (`process.hrtime`) at that moment, ms. */
  readonly clockMs: number
  /** Since the start of the process, ms. */
  readonly sinceStartMs: number
  /** `process.version` */
  readonly node: string
  /** Whether this Node can write its own compile cache on demand. */
  readonly hasCompileCache: boolean
}

/** Probe to driver, answer to the line `usage`. */
export interface UsageMessage {
  readonly type: 'usage'
  readonly pid: number
  readonly cpuMs: number
  readonly rssBytes: number
}

/** Probe to driver, answer to the line `flush`. */
export interface FlushedMessage {
  readonly type: 'flushed'
  readonly pid: number
}

export type ProbeMessage = ListeningMessage | UsageMessage | FlushedMessage

/** Where a server listens: a port of this machine, or a unix socket or pipe. */
export type Target =
  | {
      readonly kind: 'port'
      readonly host: string
      readonly port: number
      readonly secure: boolean
    }
  | { readonly kind: 'path'; readonly path: string; readonly secure: boolean }

/** Driver to client process. */
export type ClientTask =
  | {
      readonly type: 'warm'
      readonly requests: readonly MeasuredRequest[]
      readonly count: number
      /** Whether it will have to send at a rate. */
      readonly isOpenLoop: boolean
    }
  | {
      readonly type: 'drive'
      readonly target: Target
      readonly requests: readonly MeasuredRequest[]
      readonly rounds: number
      /** null: each request follows the answer to the last one. */
      readonly ratePerSecond: number | null
    }

/** Client process to driver, one per task. */
export type ClientAnswer =
  ({ readonly type: 'done' } & Driven) | { readonly type: 'failed'; readonly message: string }

export interface Driven {
  /** Latencies, ms: round 1 in order of the requests, then round 2, and so on. */
  readonly latenciesMs: Float64Array
  /** Status codes in the same order. */
  readonly statuses: Uint16Array
  /** How late the client sent what was due, 99th percentile; null in a closed loop, where nothing is due. */
  readonly sendDelayP99Ms: number | null
  /** Processors that the client kept busy, without those of its waiting; null in a closed loop. */
  readonly clientCores: number | null
}
