/** Throw-away servers for tests and experiments, on unix sockets in a folder of their own, so that nobody can take their ports. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/**
 * @typedef {object} Database
 * @property {string} url
 * @property {() => Promise<void>} stop
 */

/**
 * PostgreSQL; undefined where none is installed. Rejects when it does not start.
 *
 * @param {string} folder exists, and others than root may enter it
 * @param {number} [port] of 127.0.0.1, for clients that cannot take a socket; absent: on none
 * @returns {Promise<Database & { createDatabase: (name: string) => void } | undefined>}
 */
export async function startPostgres(folder, port) {
  const programs = findPostgres()
  if (programs === undefined) return undefined
  const data = path.join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  // The server refuses to run as root.
  const user = process.getuid?.() === 0 ? idsOf('postgres') : undefined
  if (user !== undefined) for (const each of [folder, data]) chownSync(each, user.uid, user.gid)
  const options = { ...user, cwd: folder, stdio: 'pipe' }
  const initdb = ['-D', data, '-A', 'trust', '-U', 'shop', '-N']
  execFileSync(path.join(programs, 'initdb'), initdb, options)
  const address = port === undefined ? '' : '127.0.0.1'
  // It names the socket, too.
  const ofPort = port === undefined ? [] : ['-p', `${port}`]
  const args = ['-D', data, '-k', folder, '-c', `listen_addresses=${address}`, '-c', 'fsync=off']
  const server = spawn(path.join(programs, 'postgres'), [...args, ...ofPort], {
    ...options,
    stdio: 'ignore',
  })
  const client = ['-h', folder, ...ofPort]
  // A connection is accepted before the server has started up.
  const isReady = path.join(programs, 'pg_isready')
  await untilReady(server, () => spawnSync(isReady, ['-q', ...client]).status === 0)
  const host = port === undefined ? encodeURIComponent(folder) : `${address}:${port}`
  return {
    url: `postgres://shop@${host}/postgres`,
    createDatabase: (name) =>
      void execFileSync(path.join(programs, 'createdb'), [...client, '-U', 'shop', name]),
    stop: () => end(server, 'SIGINT'),
  }
}

/**
 * Redis; undefined where none is installed. Rejects when it does not start.
 *
 * @param {string} folder exists
 * @returns {Promise<{ socket: string, stop: () => Promise<void> } | undefined>}
 */
export async function startRedis(folder) {
  if (spawnSync('redis-server', ['--version']).status !== 0) return undefined
  const socket = path.join(folder, 'redis.sock')
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
  const server = spawn('redis-server', args, { stdio: 'ignore' })
  const ping = ['-s', socket, 'ping']
  await untilReady(server, () => spawnSync('redis-cli', ping).stdout?.toString() === 'PONG\n')
  return { socket, stop: () => end(server, 'SIGTERM') }
}

/** Debian keeps the programs of the server out of the PATH. */
function findPostgres() {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return undefined
  const folders = readdirSync(versions).map((version) => path.join(versions, version, 'bin'))
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')))
}

async function untilReady(server, isReady) {
  for (let attempt = 0; !isReady(); attempt++) {
    if (attempt > 1200 || server.exitCode !== null) {
      throw new Error(`${server.spawnfile} did not start`)
    }
    await pause(50)
  }
}

async function end(server, signal) {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill(signal)
  await once(server, 'exit')
}

function idsOf(name) {
  const id = (flag) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
