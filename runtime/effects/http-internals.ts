import type http from 'node:http'
import type net from 'node:net'

/** What Node leaves out of the types of its HTTP client, the same on Node 20 to 26. */
export interface ClientRequest extends http.ClientRequest {
  /** The head, when it was written at once because the headers came as a list. */
  readonly _header: string | null
  onSocket(socket: net.Socket | undefined, error?: Error): void
}

export interface RequestOptions {
  readonly host?: string | null | undefined
  readonly port?: number | string | null | undefined
  readonly localAddress?: string | undefined
  readonly timeout?: number | undefined
}

export type SocketCallback = (error: Error | null, socket?: net.Socket) => void

export interface Agent {
  addRequest(
    request: ClientRequest,
    options: RequestOptions | string,
    port?: number,
    localAddress?: string,
  ): void
  createSocket(request: ClientRequest, options: RequestOptions, callback: SocketCallback): void
  /** Returns the socket, or calls back with it later. */
  createConnection(options: RequestOptions, callback: SocketCallback): net.Socket | undefined
  reuseSocket(socket: net.Socket, request: ClientRequest): void
}

export type AgentClass = new (options: { keepAlive: boolean }) => Agent

/** Not by an import: that reads every property of the module, and with some of them Node 22 to 26 load undici. */
export function agentClass(): AgentClass {
  return process.getBuiltinModule('node:http').Agent as unknown as AgentClass
}
