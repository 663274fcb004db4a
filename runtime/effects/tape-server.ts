import { AsyncResource } from 'node:async_hooks'
import net from 'node:net'
import { connectionHeaders } from '../../formats/policy.ts'
import type { Exchange } from '../../formats/profile.ts'
import { headerOf, RequestReader } from './request-reader.ts'
import { ownSockets } from './sink.ts'

/** What is created in here has no part in any rehearsal. */
const outside = new AsyncResource('prewarm.tape')

/**
 * Answers outbound calls from their records, over real sockets, so that the code of HTTP clients is warmed with what it
 * will see. No `http.Server`: it would leave its feedback in functions that the application's servers share.
 * A call comes with a ticket, which says whose answer it is, and without which other users of the machine get none.
 */
export class TapeServer {
  readonly #server: net.Server
  readonly #port: Promise<number>
  /** Both ends of all connections. */
  readonly #sockets = new Set<net.Socket>()
  readonly #exchanges = new Map<string, Exchange>()
  readonly #secret = process.getBuiltinModule('node:crypto').randomUUID()
  #tickets = 0

  constructor() {
    this.#server = net.createServer({ noDelay: true }, (socket) => {
      this.#accept(socket)
    })
    this.#port = new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      // `exclusive`: in a cluster worker the port would otherwise be shared with the other workers.
      this.#server.listen({ host: '127.0.0.1', port: 0, exclusive: true }, () => {
        resolve((this.#server.address() as net.AddressInfo).port)
      })
    })
    this.#port.catch(ignore)
    this.#server.unref()
  }

  /** A ticket for one call: a line before the request, or its target after the slash. */
  admit(exchange: Exchange): string {
    const ticket = `${this.#secret}-${this.#tickets++}`
    this.#exchanges.set(ticket, exchange)
    return ticket
  }

  /** A new connection, in the async context of the caller. Rejects when it cannot be made. */
  async connect(): Promise<net.Socket> {
    const port = await this.#port
    const socket = this.#own(new net.Socket())
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.connect({ host: '127.0.0.1', port, noDelay: true }, () => {
        socket.off('error', reject)
        resolve()
      })
    })
    return socket
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #own(socket: net.Socket): net.Socket {
    ownSockets.add(socket)
    this.#sockets.add(socket)
    return socket.on('close', () => this.#sockets.delete(socket))
  }

  #accept(socket: net.Socket): void {
    this.#own(socket).unref()
    socket.on('error', ignore)
    let exchange: Exchange | undefined
    let isLast = false
    const reader = new RequestReader(
      (lines) => {
        exchange = this.#redeem(lines)
        if (exchange === undefined) socket.destroy()
        isLast = headerOf(lines, 'connection')?.toLowerCase() === 'close'
        if (headerOf(lines, 'expect') !== undefined) socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      },
      () => {
        if (exchange !== undefined) socket.write(bytesOf(exchange, isLast))
        if (isLast) socket.end()
      },
    )
    socket.on('data', (chunk) => {
      reader.read(chunk)
    })
  }

  /** Of a call that was given up before it was sent there may be a ticket too, before that of the next one. */
  #redeem(lines: readonly string[]): Exchange | undefined {
    const start = lines.findIndex((line) => line.includes(' '))
    const target = lines[start]?.split(' ', 2)[1] ?? ''
    const ticket = lines[start - 1] ?? target.slice(1)
    const exchange = this.#exchanges.get(ticket)
    this.#exchanges.delete(ticket)
    return exchange
  }
}

function ignore(): void {
  // The client notices on its side.
}

/** The body is stored decompressed, and whatever its length was, it is another now. */
function isRecomputed(name: string, isBodiless: boolean): boolean {
  if (name === 'content-encoding') return true
  return name === 'content-length' ? !isBodiless : connectionHeaders.has(name)
}

function bytesOf({ method, status, headers, body }: Exchange, isLast: boolean): Buffer {
  const isBodiless = method === 'HEAD' || status === 204 || status === 304
  const phrase = process.getBuiltinModule('node:http').STATUS_CODES[status] ?? ''
  let head = `HTTP/1.1 ${status} ${phrase}\r\n`
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = headers[index] ?? ''
    if (!isRecomputed(name.toLowerCase(), isBodiless)) head += `${name}: ${headers[index + 1]}\r\n`
  }
  if (!isBodiless) head += `Content-Length: ${body.length}\r\n`
  head += `Connection: ${isLast ? 'close' : 'keep-alive'}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), isBodiless ? Buffer.alloc(0) : body])
}

let current: TapeServer | undefined

/** It lives from the first answer until {@link closeTape}. */
export function tapeServer(): TapeServer {
  return (current ??= outside.runInAsyncScope(() => new TapeServer()))
}

/** Connections to the tape end; the clients that had them connect to where they were told to. */
export function closeTape(): void {
  current?.close()
  current = undefined
}
