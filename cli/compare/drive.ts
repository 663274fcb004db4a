import http from 'node:http'
import https from 'node:https'
import type { Driven, MeasuredRequest, Target } from './messages.ts'

/** Longest wait for the last byte of a single response. */
const requestTimeoutMs = 30_000

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
  const transport = target.secure ? https : http
  const agent = new transport.Agent({ keepAlive: true, maxSockets: 1 })
  const prepared = requests.map((request) => prepare(transport, target, agent, request))
  try {
    for (let index = 0; index < latenciesMs.length; index++) {
      const exchange = prepared[index % prepared.length]
      if (exchange === undefined) break
      const { ms, status } = await exchange()
      latenciesMs[index] = ms
      statuses[index] = status
    }
  } finally {
    agent.destroy()
  }
  return { latenciesMs, statuses }
}

interface Exchange {
  readonly ms: number
  readonly status: number
}

function prepare(
  transport: typeof http | typeof https,
  target: Target,
  agent: http.Agent,
  request: MeasuredRequest,
): () => Promise<Exchange> {
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
          resolve({ ms: performance.now() - startMs, status: response.statusCode ?? 0 })
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
