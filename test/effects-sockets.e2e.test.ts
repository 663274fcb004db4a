import { once } from 'node:events'
import { chmodSync, readFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import tls from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import { makeCertificate } from './certificate.ts'
import { app, nodeLines, runToEnd, scratchFolder } from './harness.ts'
import { startMariaDb } from './mariadb.ts'
import { startPostgres, startRedis } from '../scripts/databases.mjs'

const folder = scratchFolder()
const postgresFolder = scratchFolder()
chmodSync(postgresFolder, 0o755)
const certificate = makeCertificate(folder)
const [postgres, mariadb, redis] = await Promise.all([
  startPostgres(postgresFolder),
  startMariaDb(folder, certificate),
  startRedis(folder),
])
afterAll(() => Promise.all([postgres?.stop(), mariadb?.stop(), redis?.stop()]))
for (const [name, server] of Object.entries({
  PostgreSQL: postgres,
  MariaDB: mariadb,
  Redis: redis,
})) {
  if (server === undefined) process.stderr.write(`no ${name} here: its tests are left out\n`)
}

/** What was told of a piece of work, and how it ended; or what the server says. */
interface Watched {
  readonly effects: readonly string[]
  readonly value?: unknown
  readonly error?: string
}

async function effectsIn(
  node: string,
  script: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runToEnd(node, [app(script)], env)
  if (code !== 0) throw new Error(`${script} ended with ${code}\n${stderr}`)
  return JSON.parse(stdout) as Record<string, unknown>
}

const refused = (effect: string, ...effects: string[]): Watched => ({
  effects,
  error: `refused ${effect}`,
})

/** Speaks TLS as PostgreSQL does, in front of one that listens on a unix socket; its connections are the clients'. */
async function startTlsDoor(
  socketPath: string,
  keys: tls.SecureContextOptions,
): Promise<net.Server> {
  const door = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write('S')
      const secure = new tls.TLSSocket(socket, { isServer: true, ...keys })
      const inner = net.connect(socketPath)
      secure.on('error', () => inner.destroy()).on('close', () => inner.destroy())
      inner.on('error', () => secure.destroy())
      secure.pipe(inner).pipe(secure)
    })
  })
  door.listen(0, '127.0.0.1')
  await once(door, 'listening')
  return door
}

describe.each(nodeLines)('on Node %s', (_line, node) => {
  it.runIf(postgres !== undefined)('what pg sends is told, and not sent when refused', async () => {
    const target = path.join(postgresFolder, '.s.PGSQL.5432')
    const keys = certificate && {
      key: readFileSync(certificate.KEY),
      cert: readFileSync(certificate.CERT),
    }
    const door = keys && (await startTlsDoor(target, keys))
    const port = (door?.address() as net.AddressInfo | undefined)?.port
    const told = await effectsIn(node, 'effects-pg.mjs', {
      FOLDER: postgresFolder,
      TLS_PORT: `${port ?? ''}`,
    })
    door?.close()
    const [read, write] = [`postgres read ${target}`, `postgres write ${target}`]
    expect(told).toMatchObject({
      connect: { effects: [`tcp read ${target}`, read] },
      reads: { effects: [read] },
      write: { effects: [write] },
      'count after the write': 1,
      'prepared earlier, refused': refused('postgres write', write),
      'count after the refusal': 1,
      'pool reads': { effects: [read] },
      'pool write, refused': refused('postgres write', write),
      'pool transaction, refused': refused('postgres write', read, write),
      'count after the pool': 1,
      'the pool works as before': 2,
      'connect, refused': refused('tcp read', `tcp read ${target}`),
    })
    expect((told['reads'] as Watched).error).toBeUndefined()
    if (port === undefined) return
    const peer = `127.0.0.1:${port}`
    expect(told).toMatchObject({
      tls: { effects: [`tcp read ${peer}`, `postgres read ${peer}`] },
      'tls write, refused': refused('postgres write', `postgres write ${peer}`),
      'count after tls': 2,
    })
  })

  it.runIf(mariadb !== undefined)(
    'what mysql2 sends is told, and not sent when refused',
    async () => {
      const target = mariadb?.path ?? ''
      const told = await effectsIn(node, 'effects-mysql.mjs', {
        SOCKET: target,
        TLS: certificate ? '1' : '',
      })
      const [read, write] = [`mysql read ${target}`, `mysql write ${target}`]
      expect(told).toEqual({
        connect: { effects: [`tcp read ${target}`, read] },
        reads: { effects: [read] },
        write: { effects: [write] },
        'count after the write': 1,
        'prepared earlier, refused': refused('mysql write', write),
        'count after the refusal': 1,
        'pool reads': { effects: [read] },
        'pool write, refused': refused('mysql write', write),
        'count after the pool': 1,
        'the pool works as before': 2,
        'connect, refused': refused('tcp read', `tcp read ${target}`),
        'connections since': 0,
        ...(certificate && {
          tls: { effects: [`tcp read ${target}`, read], value: true },
          'tls write, refused': refused('mysql write', write),
          'count after tls': 2,
        }),
      })
    },
  )

  it.runIf(redis !== undefined)(
    'what ioredis and redis send is told, and not sent when refused',
    async () => {
      const target = redis?.socket ?? ''
      const told = await effectsIn(node, 'effects-redis.mjs', { SOCKET: target })
      const [read, write] = [`redis read ${target}`, `redis write ${target}`]
      // ioredis has an error of its own for all that ends a connection.
      const closed = (...effects: string[]): Watched => ({
        effects,
        error: 'Connection is closed.',
      })
      expect(told).toEqual({
        'ioredis connect': { effects: [`tcp read ${target}`, read] },
        'ioredis reads': { effects: [read] },
        'ioredis write': { effects: [write] },
        'ioredis write, refused': closed(write),
        'ioredis pipeline, refused': closed(read, write),
        'ioredis left': ['before', 'é'],
        'ioredis connect, refused': closed(`tcp read ${target}`),
        'ioredis connections since': 0,
        'redis connect': { effects: [`tcp read ${target}`, read] },
        'redis reads': { effects: [read] },
        'redis write': { effects: [write] },
        'redis write, refused': refused('redis write', write),
        'redis pipeline, refused': refused('redis write', read, write),
        'redis left': ['before', 'é'],
        'redis connect, refused': refused('tcp read', `tcp read ${target}`),
        'redis connections since': 0,
      })
    },
  )

  it('what mongodb sends is told, and not sent when refused', async () => {
    const told = await effectsIn(node, 'effects-mongodb.mjs')
    const peer = `127.0.0.1:${String(told['port'])}`
    const [read, write] = [`mongodb read ${peer}`, `mongodb write ${peer}`]
    expect(told).toMatchObject({
      connect: { effects: [`tcp read ${peer}`, read] },
      reads: { effects: [read] },
      write: { effects: [write] },
      'insert, refused': { error: 'refused mongodb write' },
      'out, refused': { error: 'refused mongodb write' },
      'remove, refused': { error: 'refused mongodb write' },
      'received since': [],
    })
    for (const name of ['reads', 'write'])
      expect((told[name] as Watched).error, name).toBeUndefined()
  })

  it('what anybody else sends is told, and not sent when refused', async () => {
    const told = await effectsIn(node, 'effects-raw.mjs', certificate)
    const peer = `127.0.0.1:${String(told['mail'])}`
    const [connect, unknown] = [`tcp read ${peer}`, `tcp unknown ${peer}`]
    const writeRefused = refused('tcp unknown', unknown)
    const connectRefused = (target: string): Watched => refused('tcp read', `tcp read ${target}`)
    const orderOf = (hadError: boolean | undefined): string[] => [
      'connecting true opening',
      'error',
      'not written: ERR_SOCKET_CLOSED_BEFORE_CONNECTION',
      `closed ${hadError} true false`,
    ]
    const secure = `127.0.0.1:${String(told['secure'])}`
    expect(told).toEqual({
      mail: told['mail'],
      'a mail': { effects: [connect, unknown] },
      'a mail over a socket opened earlier': { effects: [unknown] },
      'a mail, refused': writeRefused,
      'the socket is closed': true,
      'string, refused': writeRefused,
      'hex, refused': writeRefused,
      'bytes, refused': writeRefused,
      'end, refused': writeRefused,
      'corked, refused': writeRefused,
      'sent before the connection stands, refused': refused('tcp unknown', connect, unknown),
      'sent by somebody else before the connection stands, refused': writeRefused,
      'sent within the callback of what was refused': {
        effects: [connect, unknown],
        value: 'refused tcp unknown',
      },
      'secrets received': 0,
      // As when nobody listens, but that Node says of 'close' that an error came before it only where there was a handle.
      'a connection, refused': { effects: [connect], value: orderOf(undefined) },
      'a connection to nobody': {
        effects: [expect.stringMatching(/^tcp read 127\.0\.0\.1:\d+$/)],
        value: orderOf(true),
      },
      'a path, refused': connectRefused('/nowhere.sock'),
      'http.get, refused': connectRefused(`localhost:${String(told['mail'])}`),
      'fetch, refused': connectRefused(peer),
      'tls, refused': connectRefused(peer),
      'connections since': 0,
      'what Node does not accept, it does not accept': {
        effects: [],
        error: expect.stringContaining('must be specified') as string,
      },
      'HTTP by hand': {
        effects: [connect, `http unknown POST ${peer}/orders`, `http unknown GET ${peer}/prices`],
      },
      'own sockets, and those of HTTP clients that are watched': { effects: [] },
      looks: { same: true },
      ...(certificate && {
        secure: told['secure'],
        'HTTP by hand over TLS': {
          effects: [`tcp read ${secure}`, `http unknown GET ${secure}/prices`],
        },
        'over TLS, refused': refused('tcp unknown', `tcp unknown ${secure}`),
        'TLS over a stream that is no socket': {
          effects: [`tcp read ${secure}`, `tcp unknown ${secure}`],
        },
        'secrets received over TLS': 0,
      }),
    })
  })
})
