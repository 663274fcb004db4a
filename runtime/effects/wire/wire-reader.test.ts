import fc from 'fast-check'
import { BSON, type Document } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { maxKeptBytes } from './messages.ts'
import { detect, WireReader, type WireEffect } from './wire-reader.ts'

type Part = string | Buffer

/** Strings are bytes, as latin1. */
const bytesOf = (...parts: Part[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string, 'latin1')))

const nameOf = ({ kind, access, request }: WireEffect): string =>
  request === undefined
    ? `${kind} ${access}`
    : `${kind} ${access} ${request.method} ${request.path}`

/** What every write is told to be. */
function effectsOf(writes: readonly Part[], reader = new WireReader()): string[] {
  const effects: string[] = []
  for (const bytes of writes)
    reader.read([bytesOf(bytes)], (effect) => effects.push(nameOf(effect)))
  return effects
}

/** The accesses of what is sent after the connection has begun. */
const accessesAfter = (opening: Part, ...writes: Part[]): string[] => {
  const reader = new WireReader()
  effectsOf([opening], reader)
  return effectsOf(writes, reader).map((effect) => effect.replace(/^\w+ /, ''))
}

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** As `pg` 8.23 sends it. */
const postgresStartup = '\0\0\0:\0\x03\0\0user\0shop\0database\0postgres\0client_encoding\0UTF8\0\0'
const postgres = (type: string, ...body: Part[]): Buffer => {
  const bytes = bytesOf(...body)
  return bytesOf(type, number(4 + bytes.length), bytes)
}
const parse = (name: string, sql: string): Buffer => postgres('P', `${name}\0${sql}\0\0\0`)
const bind = (name: string, portal = ''): Buffer =>
  postgres('B', `${portal}\0${name}\0\0\0\0\x01\0\0\0\x011\0\x01\0\0`)
const execute = (portal = ''): Buffer => postgres('E', `${portal}\0`, number(0))
const sync = postgres('S')

/** As `mysql2` 3.24 answers the greeting of a MariaDB. */
const mysqlGreeting =
  's\0\0\x01\xce\xf3\xba\x08\0\0\0\0\xe0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0root\0\0shop\0' +
  'mysql_native_password\x001\x0c_client_name\x0cNode-MySQL-2\x0f_client_version\x063.24.6'
const packet = (sequence: number, ...body: Part[]): Buffer => {
  const bytes = bytesOf(...body)
  const header = Buffer.alloc(4)
  header.writeUIntLE(bytes.length, 0, 3)
  header[3] = sequence
  return bytesOf(header, bytes)
}
const withFlags = (flags: number, sequence = 1): Buffer => {
  const bytes = bytesOf(mysqlGreeting)
  bytes[3] = sequence
  bytes.writeUInt32LE((bytes.readUInt32LE(4) | flags) >>> 0, 4)
  return bytes
}

const resp = (...args: string[]): string =>
  `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg, 'latin1')}\r\n${arg}\r\n`).join('')}`
const ping = resp('PING')

const mongodb = (operation: number, ...body: Part[]): Buffer => {
  const bytes = bytesOf(...body)
  const header = Buffer.alloc(16)
  header.writeInt32LE(16 + bytes.length, 0)
  header.writeInt32LE(7, 4)
  header.writeInt32LE(operation, 12)
  return bytesOf(header, bytes)
}
const message = (command: Document): Buffer =>
  mongodb(2013, '\0\0\0\0\0', Buffer.from(BSON.serialize(command)))
const hello = mongodb(
  2004,
  '\0\0\0\0admin.$cmd\0\0\0\0\0\xff\xff\xff\xff',
  Buffer.from(BSON.serialize({ ismaster: 1, helloOk: true })),
)

const get = 'GET /prices?key=1 HTTP/1.1\r\nHost: a\r\n\r\n'

describe('which protocol it is', () => {
  it.each([
    ['postgres', postgresStartup],
    ['postgres', '\0\0\0\x08\x04\xd2\x16\x2f'],
    ['mysql', mysqlGreeting],
    ['mysql', withFlags(0x800, 2)],
    ['redis', ping],
    ['mongodb', hello],
    ['mongodb', message({ ping: 1 })],
    ['http', get],
  ])('%s is known by its first bytes, and by no fewer', (kind, bytes) => {
    const whole = bytesOf(bytes)
    expect(detect(whole)).toBe(kind)
    for (let length = 0; length < whole.length; length++)
      expect([undefined, kind]).toContain(detect(whole.subarray(0, length)))
  })

  it.each([
    ['SMTP', 'HELO example.org\r\n'],
    ['memcached', 'get a\r\n'],
    ['NATS', 'CONNECT {"verbose":false}\r\n'],
    ['a line that begins like HTTP', 'GET a\n'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['Kafka: metadata, version 0', '\0\0\0\x14\0\x03\0\0\0\0\0\x01\0\x06client\0\0\0\0'],
    ['AMQP', 'AMQP\0\0\x09\x01'],
    ['MQTT', '\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0'],
  ])('%s is none of ours', (_name, bytes) => {
    expect(effectsOf([bytes, 'more'])).toEqual(['tcp unknown', 'tcp unknown'])
  })

  it('bytes of which it cannot be told yet are not passed over', () => {
    expect(effectsOf(['*', '1\r\n$4\r\nPING\r\n', ping])).toEqual([
      'tcp unknown',
      'redis read',
      'redis read',
    ])
  })
})

describe('postgres', () => {
  const after = (...writes: Part[]): string[] => accessesAfter(postgresStartup, ...writes)

  it('knows simple queries', () => {
    expect(after(postgres('Q', 'SELECT 1\0'))).toEqual(['read'])
    expect(after(postgres('Q', 'SELECT 1; DELETE FROM t\0'))).toEqual(['write'])
  })

  it('knows what a statement does that was prepared earlier', () => {
    const writes = [
      bytesOf(parse('a', 'SELECT $1::int'), bind('a'), execute(), sync),
      bytesOf(parse('b', 'DELETE FROM t'), sync),
      bytesOf(bind('a'), execute(), sync),
      bytesOf(bind('b', 'p'), sync),
      execute('p'),
      bind('c'),
    ]
    expect(after(...writes)).toEqual([
      ...['read', 'read', 'read', 'read'],
      ...['write', 'read'],
      ...['read', 'read', 'read'],
      ...['write', 'read'],
      'write',
      'unknown',
    ])
  })

  it('knows it also when nobody watched the preparing', () => {
    const reader = new WireReader()
    for (const bytes of [
      bytesOf(postgresStartup),
      parse('a', 'DELETE FROM t'),
      parse('', 'SELECT 1'),
    ])
      reader.read([bytes], undefined)
    expect(effectsOf([bind('a'), bind('')], reader)).toEqual(['postgres write', 'postgres read'])
  })

  it('a name of a write stays one, since the server refuses to define it again', () => {
    const writes = [
      parse('a', 'DELETE FROM t'),
      postgres('C', 'Sa\0'),
      parse('a', 'SELECT 1'),
      bind('a'),
    ]
    expect(after(...writes)).toEqual(['write', 'read', 'read', 'write'])
    const others = [
      parse('b', 'SELECT 1'),
      postgres('C', 'Sb\0'),
      bind('b'),
      parse('b', 'SELECT 2'),
      bind('b'),
    ]
    expect(after(...others)).toEqual(['read', 'read', 'unknown', 'read', 'read'])
  })

  it('remembers no more than some hundred names', () => {
    const many = Array.from({ length: 1000 }, (_, index) => parse(`s${index}`, 'SELECT 1'))
    const accesses = after(...many, bind('s0'), bind('s999')).slice(-2)
    expect(accesses).toEqual(['read', 'unknown'])
  })

  it('COPY data and function calls are writes, the rest are reads', () => {
    const others = [postgres('p', 'secret\0'), postgres('D', 'P\0'), postgres('H'), postgres('X')]
    expect(after(...others)).toEqual(['read', 'read', 'read', 'read'])
    expect(after(postgres('d', 'row'), postgres('c'), postgres('F', 'x'))).toEqual([
      'write',
      'write',
      'write',
    ])
  })

  it('a request to cancel what another connection does is a write', () => {
    expect(effectsOf([bytesOf(number(16), '\x04\xd2\x16\x2e', number(1), number(2))])).toEqual([
      'postgres write',
    ])
  })

  it('the real start follows the request for encryption', () => {
    expect(
      effectsOf(['\0\0\0\x08\x04\xd2\x16\x2f', postgresStartup, postgres('Q', 'VACUUM\0')]),
    ).toEqual(['postgres read', 'postgres read', 'postgres write'])
  })

  it('what is not of the protocol is unknown for good', () => {
    expect(after('Z\0\0\0\x04', postgres('Q', 'SELECT 1\0'))).toEqual(['unknown', 'unknown'])
    expect(after('Q\0\0\0\x01')).toEqual(['unknown'])
  })

  it('SQL that is longer than what is kept is unknown until it ends', () => {
    const long = postgres('Q', `SELECT '${'x'.repeat(2 * maxKeptBytes)}'\0`)
    expect(after(long, postgres('Q', 'SELECT 1\0'))).toEqual(['unknown', 'read'])
    expect(after(bytesOf(parse('a', 'SELECT $1'), postgres('B', '\0a\0', long)))).toEqual([
      'read',
      'read',
    ])
  })
})

describe('mysql', () => {
  const after = (...writes: Part[]): string[] => accessesAfter(mysqlGreeting, ...writes)
  const query = (sql: string): Buffer => packet(0, '\x03', sql)
  const prepare = (sql: string): Buffer => packet(0, '\x16', sql)
  /** As `mysql2` sends it. */
  const run = '\x16\0\0\0\x17\x01\0\0\0\0\x01\0\0\0\0\x01\x05\0\0\0\0\0\0\0\0@'

  it('knows the greeting, what goes on with it, and queries', () => {
    expect(effectsOf([mysqlGreeting])).toEqual(['mysql read'])
    const writes = [packet(3, 'secret'), query('SELECT 1 + 2'), query('DELETE FROM t')]
    expect(after(...writes)).toEqual(['read', 'read', 'write'])
  })

  it('finds the SQL behind empty query attributes, and takes others for unknown', () => {
    expect(after(query('\0\x01SELECT 1'), query('\0\x01DELETE FROM t'))).toEqual(['read', 'write'])
    expect(after(query('\x01\x01\0\x01\x03\0\0SELECT 1'))).toEqual(['unknown'])
  })

  it('an execution is a read while nothing else was prepared', () => {
    expect(after(prepare('SELECT ?'), run)).toEqual(['read', 'read'])
    expect(after(prepare('SELECT ?'), prepare('DELETE FROM t'), run)).toEqual([
      'read',
      'write',
      'write',
    ])
  })

  it('knows commands', () => {
    const commands = [0x01, 0x02, 0x0e, 0x1f, 0x19, 0x05, 0x08, 0x0c, 0x12].map((command) =>
      packet(0, String.fromCharCode(command), 'x'),
    )
    expect(after(...commands)).toEqual([
      ...['read', 'read', 'read', 'read', 'read'],
      ...['write', 'write', 'write'],
      'unknown',
    ])
  })

  it('is unknown once it may be compressed, or another user has logged in', () => {
    const opening = withFlags(0x20)
    expect(effectsOf([opening, query('SELECT 1')])).toEqual(['mysql unknown', 'mysql unknown'])
    expect(after(packet(0, '\x11root\0'), query('SELECT 1'))).toEqual(['unknown', 'unknown'])
  })

  it('the content of a local file is unknown', () => {
    expect(after(query("LOAD DATA LOCAL INFILE 'a' INTO TABLE t"), packet(2, 'row'))).toEqual([
      'write',
      'unknown',
    ])
  })

  it('a packet of full length is continued by the next one', () => {
    const full = Buffer.alloc(4 + 0xffffff, ' ')
    full.set([0xff, 0xff, 0xff, 0, 0x03])
    expect(after(full, packet(1, 'SELECT 1'), query('SELECT 1'))).toEqual(['unknown', 'read'])
  })
})

describe('redis', () => {
  const after = (...writes: Part[]): string[] => accessesAfter(ping, ...writes)

  it.each([
    [['GET', 'a'], 'read'],
    [['get', 'SET'], 'read'],
    [['SET', 'a', 'GET'], 'write'],
    [['DEL', 'a'], 'write'],
    [['GETEX', 'a'], 'read'],
    [['GETEX', 'a', 'PERSIST'], 'write'],
    [['GETDEL', 'a'], 'write'],
    [['SORT', 'a', 'ALPHA'], 'read'],
    [['SORT', 'a', 'store', 'b'], 'write'],
    [['GEORADIUS', 'a', '1', '1', '1', 'km'], 'read'],
    [['GEORADIUS', 'a', '1', '1', '1', 'km', 'STOREDIST', 'b'], 'write'],
    [['ZRANGESTORE', 'a', 'b', '0', '1'], 'write'],
    [['EVAL', 'return 1', '0'], 'write'],
    [['EVAL_RO', 'return 1', '0'], 'read'],
    [['HELLO', '3', 'AUTH', 'a', 'b'], 'read'],
    [['client', 'SETINFO', 'LIB-NAME', 'ioredis'], 'read'],
    [['CLIENT', 'KILL', 'a'], 'write'],
    [['CONFIG', 'GET', 'a'], 'read'],
    [['CONFIG', 'SET', 'a', 'b'], 'write'],
    [['CLUSTER', 'SLOTS'], 'read'],
    [['SENTINEL', 'get-master-addr-by-name', 'a'], 'read'],
    [['SUBSCRIBE', 'a'], 'unknown'],
    [['PUBLISH', 'a', 'b'], 'write'],
    [['FUTURE.COMMAND', 'a'], 'write'],
    [['XREADGROUP', 'GROUP', 'a', 'b'], 'write'],
    [['MULTI'], 'read'],
  ] as const)('%j: %s', (args, access) => {
    expect(after(resp(...args))).toEqual([access])
    expect(after(`${args.join(' ')}\r\n`)).toEqual([access])
  })

  it('tells of every command of a pipeline, and takes values for what they are', () => {
    const trap = resp('SET', 'a', '*1\r\n$3\r\nGET\r\n')
    expect(after(resp('GET', 'a') + trap + resp('MGET', 'a', '\r\n') + ping)).toEqual([
      'read',
      'write',
      'read',
      'read',
    ])
  })

  it('passes over long values', () => {
    expect(after(resp('SET', 'a', 'x'.repeat(3 * maxKeptBytes)), ping)).toEqual(['write', 'read'])
    expect(after(resp('GET', 'x'.repeat(3 * maxKeptBytes)), ping)).toEqual(['read', 'read'])
  })

  it.each(['*x\r\n', '*1\r\nGET', '*1\r\n$-x\r\n', `*${'1'.repeat(99)}`, '"GET" a\r\n'])(
    'what is not of the protocol is unknown: %j',
    (bytes) => {
      expect(after(bytes)).toEqual(['unknown'])
    },
  )
})

describe('mongodb', () => {
  const after = (...writes: Part[]): string[] => accessesAfter(hello, ...writes)
  const pipeline = (stage: Document): Document => ({ aggregate: 'things', pipeline: [stage] })

  it('knows commands', () => {
    expect(effectsOf([hello])).toEqual(['mongodb read'])
    const commands = ['find', 'count', 'distinct', 'hello', 'getMore', 'saslStart', 'endSessions']
    for (const name of commands) expect(after(message({ [name]: 1, insert: 1 }))).toEqual(['read'])
    for (const name of [
      'insert',
      'update',
      'delete',
      'findAndModify',
      'drop',
      'mapReduce',
      'bulkWrite',
    ])
      expect(after(message({ [name]: 1, find: 1 }))).toEqual(['write'])
  })

  it('an aggregation that stores its result is a write', () => {
    expect(after(message(pipeline({ $match: { a: 1 } })))).toEqual(['read'])
    expect(after(message(pipeline({ $out: 'other' })))).toEqual(['write'])
    expect(after(message(pipeline({ $merge: { into: 'other' } })))).toEqual(['write'])
  })

  it('finds the command behind a list of documents', () => {
    const documents = BSON.serialize({ a: 1 })
    const list = bytesOf('\x01', '\x1b\0\0\0', 'documents\0\0', Buffer.from(documents))
    list.writeInt32LE(list.length - 1, 1)
    const command = Buffer.from(BSON.serialize({ insert: 'things' }))
    expect(after(mongodb(2013, '\0\0\0\0', list, '\0', command))).toEqual(['write'])
  })

  it('is unknown when it is compressed, and a write when it is an old one', () => {
    expect(after(mongodb(2012, 'x'))).toEqual(['unknown'])
    expect(after(mongodb(2002, 'x'))).toEqual(['write'])
    expect(after(mongodb(2004, '\0\0\0\0shop.things\0'))).toEqual(['unknown'])
    expect(after(mongodb(2013, ''), mongodb(2013, '\0\0\0\0\x07\0\0\0\0\0'))).toEqual([
      'unknown',
      'unknown',
    ])
  })

  it('what is longer than what is kept is known by its beginning, except for an aggregation', () => {
    const filler = 'x'.repeat(2 * maxKeptBytes)
    expect(after(message({ find: 'things', filter: { filler } }), hello)).toEqual(['read', 'read'])
    expect(after(message({ ...pipeline({ $match: { filler } }), x: '$out' }))).toEqual(['unknown'])
  })
})

describe('http', () => {
  it('tells of every request once, without its query', () => {
    const post =
      'POST /orders HTTP/1.1\r\nContent-Length: 29\r\n\r\nGET /trap HTTP/1.1\r\nHost: a\r\n'
    const chunked =
      'PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\nx-sum: 1\r\n\r\n'
    expect(effectsOf([get + post + chunked + get])).toEqual([
      'http unknown GET /prices',
      'http unknown POST /orders',
      'http unknown PUT /a',
      'http unknown GET /prices',
    ])
  })

  it('what comes after an upgrade, or is no request, is no HTTP', () => {
    const upgrade = 'GET /chat HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n'
    expect(effectsOf([upgrade, '\x81\x85frame'])).toEqual(['http unknown GET /chat', 'tcp unknown'])
    expect(effectsOf([get, 'nonsense\r\n\r\n', get])).toEqual([
      'http unknown GET /prices',
      'tcp unknown',
      'tcp unknown',
    ])
  })
})

/** One connection of each protocol: its first message, and others that can follow in any order. */
const streams: Record<string, { opening: Part; others: Part[] }> = {
  postgres: {
    opening: postgresStartup,
    others: [
      postgres('Q', 'SELECT 1\0'),
      postgres('Q', `DELETE FROM t WHERE a = '${'x'.repeat(300)}'\0`),
      bytesOf(parse('a', 'SELECT 1'), bind('a'), execute(), sync),
      bytesOf(parse('b', 'DELETE FROM t'), bind('b'), execute(), sync),
      bytesOf(bind('a'), execute(), sync),
      bytesOf(postgres('d', 'x'.repeat(200)), postgres('c')),
    ],
  },
  mysql: {
    opening: mysqlGreeting,
    others: [
      packet(0, '\x03SELECT 1'),
      packet(0, '\x03DELETE FROM t'),
      packet(0, '\x16SELECT ?'),
      packet(0, '\x16DELETE FROM t'),
      packet(0, '\x17\x01\0\0\0'),
      packet(0, '\x0e'),
    ],
  },
  redis: {
    opening: ping,
    others: [
      resp('GET', 'a'),
      resp('SET', 'a', `\r\n*1\r\n${'x'.repeat(300)}`),
      resp('SORT', 'a', 'STORE', 'b'),
      resp('SUBSCRIBE', 'a'),
      'GET a\r\n',
    ],
  },
  mongodb: {
    opening: hello,
    others: [
      message({ find: 'a', filter: { text: 'x'.repeat(200) } }),
      message({ insert: 'a' }),
      message({ aggregate: 'a', pipeline: [{ $out: 'b' }] }),
      mongodb(2012, 'x'),
    ],
  },
  http: {
    opening: get,
    others: [
      get,
      'POST /a HTTP/1.1\r\ncontent-length: 40\r\n\r\nGET /b HTTP/1.1\r\nhost: a\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n'.slice(
        0,
        44 + 40,
      ),
      'PUT /c HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n',
    ],
  },
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end))
}

describe.each(Object.entries(streams))('%s', (_kind, { opening, others }) => {
  const stream = fc.array(fc.constantFrom(...others), { maxLength: 8 })
  const cuts = fc.array(fc.nat(), { maxLength: 40 })

  it('a stream is told to be the same however it is cut into chunks', () => {
    fc.assert(
      fc.property(stream, cuts, fc.boolean(), (parts, places, byByte) => {
        const bytes = bytesOf(opening, ...parts)
        const chunks = byByte ? Array.from(bytes, (byte) => Buffer.of(byte)) : split(bytes, places)
        const whole = effectsOf([bytes])
        // Except that as long as nobody knows what it is, it is told of as unknown.
        const isEarly = (effect: string): boolean => effect === 'tcp unknown'
        expect(whole.some(isEarly)).toBe(false)
        expect(effectsOf(chunks).filter((effect) => !isEarly(effect))).toEqual(whole)
      }),
    )
  })

  it('whether anybody watches one part changes nothing for another', () => {
    fc.assert(
      fc.property(stream, stream, (before, after) => {
        const watched = new WireReader()
        const unwatched = new WireReader()
        effectsOf([opening, ...before], watched)
        for (const part of [opening, ...before]) unwatched.read([bytesOf(part)], undefined)
        expect(effectsOf(after, unwatched)).toEqual(effectsOf(after, watched))
      }),
    )
  })

  it('nonsense does not throw', () => {
    const noise = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.boolean(), noise, fc.array(noise), (isOpen, first, writes) => {
        const reader = new WireReader()
        if (isOpen) effectsOf([opening], reader)
        effectsOf([first, ...writes], reader)
      }),
      { numRuns: 500 },
    )
  })

  it('damaged streams do not throw either', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 10 })
    fc.assert(
      fc.property(stream, cuts, damage, (parts, places, changes) => {
        const bytes = bytesOf(opening, ...parts)
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        effectsOf(split(bytes, places))
      }),
      { numRuns: 500 },
    )
  })
})
