import { subscribe } from 'node:diagnostics_channel'
import http from 'node:http'
import type net from 'node:net'
import type { Exchange } from '../../formats/profile.ts'
import { AnswerTaker } from './answer-taker.ts'
import { urlOf, verdictOn } from './outbound-verdict.ts'
import { connectingForHttp, currentSink, httpClientSockets, type EffectSink } from './sink.ts'
import { tapeServer } from './tape-server.ts'

/** Of what Node leaves out of its types, the same on Node 20 to 26. */
interface ClientRequest extends http.ClientRequest {
  readonly protocol: string
  readonly path: string
  /** The head, when it was written at once since the headers came as a list. */
  readonly _header: string | null
  onSocket(socket: net.Socket | undefined, error?: Error): void
}

interface RequestOptions {
  readonly host?: string | null | undefined
  readonly port?: number | string | null | undefined
  readonly localAddress?: string | undefined
  readonly timeout?: number | undefined
}

type SocketCallback = (error: Error | null, socket?: net.Socket) => void

interface AgentInternals {
  addRequest(
    request: ClientRequest,
    options: RequestOptions | string,
    port?: number,
    localAddress?: string,
  ): void
  createSocket(request: ClientRequest, options: RequestOptions, callback: SocketCallback): void
  createConnection(options: RequestOptions, callback: SocketCallback): net.Socket | undefined
  reuseSocket(socket: net.Socket, request: ClientRequest): void
}

const prototype = http.Agent.prototype as unknown as AgentInternals
const { addRequest } = prototype
/** Calls that a sink has let go: some agents pass them on to another agent. */
const passed = new WeakSet<ClientRequest>()

/**
 * Every call that uses an agent comes through this one method, whatever the agent, however `request` and `get` were
 * imported. It decides over a call before it gets a socket, so that warm connections make no difference.
 */
export function hookAgents(): void {
  const hooked = {
    addRequest(
      this: AgentInternals,
      request: ClientRequest,
      options: RequestOptions | string,
      port?: number,
      localAddress?: string,
    ): void {
      const sink = currentSink()
      if (sink === undefined || passed.has(request))
        addRequest.call(this, request, options, port, localAddress)
      else {
        // An old form has the host alone and the others after it.
        const named = typeof options === 'string' ? { host: options, port, localAddress } : options
        decide(sink, this, request, named)
      }
    },
  }
  prototype.addRequest = hooked.addRequest
}

function decide(
  sink: EffectSink,
  agent: AgentInternals,
  request: ClientRequest,
  options: RequestOptions,
): void {
  const { method } = request
  const url = urlOf(originOf(request, options), request.path)
  const canBeTaped = method !== 'CONNECT' && !isUpgrade(request)
  const verdict = verdictOn(sink, { method, url, canBeTaped })
  if (verdict.does === 'refuse') request.onSocket(undefined, verdict.error)
  else if (verdict.does === 'answer') answer(request, options, verdict.exchange)
  else {
    if (verdict.does === 'record') record(request, new AnswerTaker(verdict.take))
    passed.add(request)
    request.once('socket', (socket) => httpClientSockets.add(socket))
    connectingForHttp(() => {
      addRequest.call(agent, request, options)
    })
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

/** In spite of its name, of the channel, the head of an answer has come and nobody has seen it yet. */
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

const tickets = new WeakMap<ClientRequest, string>()

/** Keeps the connections to the tape out of the application's pools. */
class TapeAgent extends http.Agent implements Omit<AgentInternals, 'addRequest'> {
  constructor() {
    super({ keepAlive: true })
  }

  createSocket(request: ClientRequest, options: RequestOptions, callback: SocketCallback): void {
    prototype.createSocket.call(this as never, request, options, (error, socket) => {
      if (socket !== undefined) present(socket, request)
      callback(error, socket)
    })
  }

  override reuseSocket(socket: net.Socket, request: http.ClientRequest): void {
    super.reuseSocket(socket, request)
    present(socket, request as ClientRequest)
  }

  // @ts-expect-error -- Node's types know no agent that connects later, and all Node lines do
  override createConnection({ timeout }: RequestOptions, callback: SocketCallback): undefined {
    tapeServer()
      .connect()
      .then((socket) => {
        if (timeout) socket.setTimeout(timeout)
        callback(null, socket)
      }, callback)
  }
}

let tapeAgent: TapeAgent | undefined

function answer(request: ClientRequest, options: RequestOptions, exchange: Exchange): void {
  tickets.set(request, tapeServer().admit(exchange))
  tapeAgent ??= new TapeAgent()
  addRequest.call(tapeAgent as unknown as AgentInternals, request, options)
}

/** Not in the request, which is the application's: on a line of its own before it. */
function present(socket: net.Socket, request: ClientRequest): void {
  socket.write(`${tickets.get(request) ?? ''}\r\n`)
}
