import { subscribe } from 'node:diagnostics_channel'
import type http from 'node:http'
import { AnswerTaker } from './answer-taker.ts'
import {
  agentClass,
  type Agent,
  type ClientRequest,
  type RequestOptions,
} from './http-internals.ts'
import { urlOf, verdictOn } from './outbound-verdict.ts'
import { connectingForHttp, currentSink, httpClientSockets, type EffectSink } from './sink.ts'
import { tapeAgentFor } from './tape-agent.ts'

/** Calls that a sink has let go: some agents pass them on to another agent. */
const passed = new WeakSet<ClientRequest>()

/**
 * Every call that uses an agent comes through this one method, whatever the agent, however `request` and `get` were
 * imported. It is decided over before it gets a socket, so that warm connections make no difference.
 */
export function hookAgents(): void {
  const prototype = agentClass().prototype as Agent
  const original = prototype.addRequest
  const { addRequest } = {
    addRequest(
      this: Agent,
      request: ClientRequest,
      options: RequestOptions | string,
      port?: number,
      localAddress?: string,
    ): void {
      const sink = currentSink()
      if (sink === undefined || passed.has(request)) {
        original.call(this, request, options, port, localAddress)
        return
      }
      // An old form has the host alone and the others after it.
      const named = typeof options === 'string' ? { host: options, port, localAddress } : options
      decide(sink, request, named, (agent = this) => {
        original.call(agent, request, named)
      })
    },
  }
  prototype.addRequest = addRequest
}

/** @param send - by the agent that was asked for, or by another one */
function decide(
  sink: EffectSink,
  request: ClientRequest,
  options: RequestOptions,
  send: (agent?: Agent) => void,
): void {
  const { method } = request
  const url = urlOf(originOf(request, options), request.path)
  const canBeTaped = method !== 'CONNECT' && !isUpgrade(request)
  const verdict = verdictOn(sink, { method, url, canBeTaped })
  if (verdict.does === 'refuse') request.onSocket(undefined, verdict.error)
  else if (verdict.does === 'answer') send(tapeAgentFor(request, verdict.exchange))
  else {
    if (verdict.does === 'record') record(request, new AnswerTaker(verdict.take))
    passed.add(request)
    request.once('socket', (socket) => httpClientSockets.add(socket))
    connectingForHttp(send)
  }
}

function originOf({ protocol }: ClientRequest, { host, port }: RequestOptions): string {
  const name = host ?? 'localhost'
  const isDefault = !port || Number(port) === (protocol === 'https:' ? 443 : 80)
  return `${protocol}//${name.includes(':') ? `[${name}]` : name}${isDefault ? '' : `:${port}`}`
}

function isUpgrade(request: ClientRequest): boolean {
  return request.hasHeader('upgrade') || /^upgrade:/im.test(request._header ?? '')
}

const takers = new WeakMap<http.ClientRequest, AnswerTaker>()
let isRecording = false

/** Not by a `response` listener: without one of the application's own, Node would throw the body away. */
function record(request: ClientRequest, taker: AnswerTaker): void {
  if (!isRecording) subscribe('http.client.response.finish', onResponse)
  isRecording = true
  takers.set(request, taker)
  request.once('close', () => {
    taker.breakOff()
  })
}

/** In spite of the name of the channel, only the head of an answer has come, and nobody has seen it yet. */
function onResponse(message: unknown): void {
  const { request, response } = message as {
    request: http.ClientRequest
    response: http.IncomingMessage
  }
  const taker = takers.get(request)
  if (taker === undefined) return
  taker.head(response.statusCode ?? 0, response.rawHeaders)
  const push = response.push
  // The parser pushes here, whoever reads the stream, and however.
  response.push = function (this: http.IncomingMessage, chunk: unknown, encoding?: BufferEncoding) {
    if (chunk instanceof Uint8Array) taker.data(chunk)
    else if (chunk === null && response.complete) taker.end()
    return push.call(this, chunk, encoding)
  }
}
