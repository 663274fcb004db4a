import { HttpReader, opensHttp } from './http.ts'
import { maxKeptBytes, type MessageReader, type Tell, type WireAccess } from './messages.ts'
import { MongodbReader, opensMongodb } from './mongodb.ts'
import { MysqlReader, opensMysql } from './mysql.ts'
import { opensPostgres, PostgresReader } from './postgres.ts'
import { opensRedis, RedisReader } from './redis.ts'

/** Of each protocol: whether it is the one, and what follows it from there. */
const protocols = {
  http: { opens: opensHttp, Reader: HttpReader },
  redis: { opens: opensRedis, Reader: RedisReader },
  postgres: { opens: opensPostgres, Reader: PostgresReader },
  mysql: { opens: opensMysql, Reader: MysqlReader },
  mongodb: { opens: opensMongodb, Reader: MongodbReader },
} as const

type Protocol = keyof typeof protocols

const names = Object.keys(protocols) as Protocol[]

/** Which protocol a client speaks, by its first bytes; tcp: none of ours; undefined: these are too few to tell. */
export function detect(bytes: Buffer): Protocol | 'tcp' | undefined {
  let mayBe = false
  for (const name of names) {
    const opens = protocols[name].opens(bytes)
    if (opens === true) return name
    if (opens === undefined) mayBe = true
  }
  return mayBe && bytes.length < maxKeptBytes ? undefined : 'tcp'
}

/** What one message does. */
export interface WireEffect {
  readonly kind: Protocol | 'tcp'
  readonly access: WireAccess
  /** Of HTTP; `path` has no query. */
  readonly request?: { readonly method: string; readonly path: string }
}

const unknownBytes: WireEffect = { kind: 'tcp', access: 'unknown' }

/**
 * Reads what a client sends over one connection, from its first byte on. Never throws, and never keeps more than
 * {@link maxKeptBytes} and the names of some hundred prepared statements.
 */
export class WireReader {
  #first: Buffer = Buffer.alloc(0)
  #protocol: Protocol | 'tcp' | undefined
  #reader: MessageReader | undefined

  /** The bytes say nothing, and need not be shown. */
  get isBlind(): boolean {
    return this.#protocol === 'tcp'
  }

  /** What was begun has not been told of. */
  get isMidMessage(): boolean {
    return this.#reader?.isMidMessage ?? this.#protocol === undefined
  }

  /**
   * @param chunks - of one write
   * @param tell - gets what the messages do that are whole by now; undefined: nobody wants to know
   */
  read(chunks: readonly Buffer[], tell: ((effect: WireEffect) => void) | undefined): void {
    for (const chunk of chunks) this.#readChunk(chunk, tell)
    // Of other protocols, a few bytes can be all that it takes.
    if (this.#reader === undefined) tell?.(unknownBytes)
  }

  #readChunk(chunk: Buffer, tell: ((effect: WireEffect) => void) | undefined): void {
    let bytes = chunk
    if (this.#protocol === undefined) {
      bytes = Buffer.concat([this.#first, chunk])
      this.#protocol = detect(bytes)
      this.#first = this.#protocol === undefined ? bytes : Buffer.alloc(0)
      if (this.#protocol === undefined || this.#protocol === 'tcp') return
      this.#reader = new protocols[this.#protocol].Reader()
    }
    if (this.#protocol === 'tcp') return
    this.#reader?.read(bytes, tell && tellOf(this.#protocol, tell))
  }
}

function tellOf(kind: Protocol, tell: (effect: WireEffect) => void): Tell {
  return (access, request) => {
    if (request !== undefined) tell({ kind, access, request })
    // Whatever it is that comes after a request to upgrade, it is no request.
    else tell(kind === 'http' ? unknownBytes : { kind, access })
  }
}
