import net from 'node:net'
import { effectName, type Effect } from '../../formats/effects.ts'
import { peerOf } from './peer.ts'
import {
  currentSink,
  httpClientSockets,
  isConnectingForHttp,
  isWatching,
  ownSockets,
  type EffectSink,
} from './sink.ts'
import { WireReader, type WireEffect } from './wire/wire-reader.ts'

/** `net.Socket` with the internals that the hooks rely on; the same on Node 20 to 26. */
type OpenSocket = net.Socket & {
  connecting: boolean
  /** That has accepted it. */
  readonly _server?: net.Server | null
  /** Below a TLS socket. */
  readonly _parent?: OpenSocket | null
}

interface Prototype {
  connect: (this: OpenSocket, ...args: unknown[]) => net.Socket
  /** Whatever `write()`, `end()` and corked writes send goes through here, of TLS sockets before it is encrypted. */
  _writeGeneric: (
    this: OpenSocket,
    writev: boolean,
    data: unknown,
    encoding: string,
    cb: (error?: Error | null) => void,
  ) => unknown
}

/** A chunk as `_writev` gets it. */
interface Piece {
  readonly chunk: unknown
  readonly encoding: BufferEncoding | 'buffer'
}

/** A connection that this process has made. */
interface Outbound {
  readonly peer: string
  readonly reader: WireReader
  /** What was begun while it watched it is told of later: a chunk before the connection stands, half a message. */
  creditor: EffectSink | undefined
}

const outbounds = new WeakMap<object, Outbound>()

/**
 * From now on {@link currentSink} is told of every connection that is made, and of what is sent over those made since, before
 * it happens. To be called before the application is loaded, once. What HTTP/2 sessions send does not pass here.
 * @returns false: this Node.js has none of the places to hook, and nobody is told
 */
export function installSocketHooks(): boolean {
  const prototype = net.Socket.prototype as unknown as Prototype
  if (typeof prototype._writeGeneric !== 'function') return false
  hookConnect(prototype)
  hookWrite(prototype)
  return true
}

function hookConnect(prototype: Prototype): void {
  const original = prototype.connect
  const connect: Prototype['connect'] = function (...args) {
    const peer = peerOf(args)
    if (!isWatching() || peer === undefined || ownSockets.has(this))
      return original.apply(this, args)
    if (isConnectingForHttp()) httpClientSockets.add(this)
    outbounds.set(this, { peer, reader: new WireReader(), creditor: undefined })
    const sink = httpClientSockets.has(this) ? undefined : currentSink()
    const error = sink?.tell({ kind: 'tcp', access: 'read', target: peer }, this)
    if (error === undefined) return original.apply(this, args)
    // As when it is refused: what is written meanwhile waits, and the error comes when everybody listens for it.
    this.connecting = true
    setImmediate(() => this.destroy(error))
    return this
  }
  prototype.connect = inPlaceOf(original, connect)
}

function hookWrite(prototype: Prototype): void {
  const original = prototype._writeGeneric
  const writeGeneric: Prototype['_writeGeneric'] = function (writev, data, encoding, cb) {
    // Above all the answers of an HTTP server take this way.
    const outbound = this._server || !isWatching() ? undefined : outboundOf(this)
    const error = outbound && tellWrite(this, outbound, writev, data, encoding)
    if (error === undefined) return original.call(this, writev, data, encoding, cb)
    // As when the write fails: the stream destroys itself with the error.
    cb(error)
    return false
  }
  prototype._writeGeneric = inPlaceOf(original, writeGeneric)
}

/** Undefined: somebody else has made the connection, or it is none, such as the pipe of `process.stdout`. */
function outboundOf(socket: OpenSocket): Outbound | undefined {
  const known = outbounds.get(socket)
  if (known !== undefined || !socket._parent) return known
  const below = outboundOf(socket._parent)
  if (below === undefined) return undefined
  // TLS over a connection that has begun in plain text.
  const outbound = { peer: below.peer, reader: new WireReader(), creditor: undefined }
  outbounds.set(socket, outbound)
  return outbound
}

/** @returns why it must not be written */
function tellWrite(
  socket: OpenSocket,
  outbound: Outbound,
  writev: boolean,
  data: unknown,
  encoding: string,
): Error | undefined {
  if (ownSockets.has(socket) || httpClientSockets.has(socket)) return undefined
  const sink = currentSink() ?? outbound.creditor
  outbound.creditor = sink
  // It comes again once the connection stands, with the context of the connection.
  if (socket.connecting) return undefined
  const { peer, reader } = outbound
  /** By name: a pipeline of a thousand reads is told of once. */
  const effects = new Map<string, Effect>()
  const collect = ({ kind, access, request }: WireEffect): void => {
    const effect = { kind, access, target: targetOf(request, peer) }
    effects.set(effectName(effect), effect)
  }
  reader.read(reader.isBlind ? [] : chunksOf(writev, data, encoding), sink && collect)
  if (!reader.isMidMessage) outbound.creditor = undefined
  for (const effect of effects.values()) {
    const error = sink?.tell(effect, socket)
    if (error !== undefined) return error
  }
  return undefined
}

function targetOf(request: WireEffect['request'], peer: string): string {
  if (request === undefined) return peer
  const { method, path } = request
  return `${method} ${path.startsWith('/') ? `${peer}${path}` : path}`
}

function chunksOf(writev: boolean, data: unknown, encoding: string): Buffer[] {
  if (!writev) return [bytesOf(data, encoding)]
  return (data as Piece[]).map((piece) => bytesOf(piece.chunk, piece.encoding))
}

function bytesOf(chunk: unknown, encoding: string): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk, encoding as BufferEncoding)
  if (Buffer.isBuffer(chunk)) return chunk
  const { buffer, byteOffset, byteLength } = chunk as Uint8Array
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** The replacement as the original looks. */
function inPlaceOf<T extends (...args: never[]) => unknown>(original: T, replacement: T): T {
  Object.defineProperties(replacement, {
    name: { value: original.name, configurable: true },
    length: { value: original.length, configurable: true },
  })
  return Object.assign(replacement, original)
}
