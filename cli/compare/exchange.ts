import http from 'node:http'
import https from 'node:https'
import type { MeasuredRequest, Target } from './messages.ts'

/** Longest wait for the last byte of a single response. */
const requestTimeoutMs = 30_000

/** One request and its answer, on the clock of `performance.now()`. */
export interface Exchange {
  /** Just before the request was handed to the connection. */
  readonly startMs: number
  /** At the last byte of the response. */
  readonly endMs: number
  readonly status: number
}

/** Sends one request; rejects when it fails or is not answered in 30 s. */
export type Send = () => Promise<Exchange>

/** What sends `requests` to a service over keep-alive connections. */
export interface Sender {
  /** In the order of the requests. */
  readonly sends: readonly Send[]
  /** Ends all connections. */
  close(): void
}

export function openSender(
  target: Target,
  requests: readonly MeasuredRequest[],
  maxConnections: number,
): Sender {
  const transport = target.secure ? https : http
  const agent = new transport.Agent({ keepAlive: true, maxSockets: maxConnections })
  return {
    sends: requests.map((request) => prepare(transport, target, agent, request)),
    close() {
      agent.destroy()
    },
  }
}

function prepare(
  transport: typeof http | typeof https,
  target: Target,
  agent: http.Agent,
  request: MeasuredRequest,
): Send {
  const options: https.RequestOptions = {
    ...(target.kind === 'path'
      ? { socketPath: target.path }
      : { host: target.host, port: target.port }),
    agent,
    method: request.method,
    path: request.path,
    headers: { ...request.headers },
    // The certificate is that of the service that we have just started ourselves.
    rejectUnauthorized: false,
  }
  const name = `${request.method} ${request.path}`
  return () =>
    new Promise((resolve, reject) => {
      const startMs = performance.now()
      const outgoing = transport.request(options, (response) => {
        response.on('error', fail)
        response.on('end', () => {
          clearTimeout(deadline)
          resolve({ startMs, endMs: performance.now(), status: response.statusCode ?? 0 })
        })
        response.resume()
      })
      const deadline = setTimeout(() => {
        outgoing.destroy(new Error(`no complete answer in ${requestTimeoutMs / 1000} s`))
      }, requestTimeoutMs)
      function fail(error: Error): void {
        clearTimeout(deadline)
        reject(new Error(`${name}: ${error.message}`))
      }
      outgoing.on('error', fail)
      outgoing.end(request.body ?? undefined)
    })
}
