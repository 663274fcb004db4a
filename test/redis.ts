import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'

export interface RedisServer {
  /** Path of its socket: there is no port which somebody else could take. */
  readonly socket: string
  stop(): Promise<void>
}

/** A throw-away Redis that keeps nothing; undefined where none is installed. Throws when it does not start. */
export async function startRedis(folder: string): Promise<RedisServer | undefined> {
  if (spawnSync('redis-server', ['--version']).error !== undefined) return undefined
  const socket = path.join(folder, 'redis.sock')
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
  const server = spawn('redis-server', args, { stdio: 'ignore' })
  const ended = once(server, 'exit')
  while (!(await accepts(socket))) {
    if (server.exitCode !== null) throw new Error('Redis did not start')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    socket,
    async stop() {
      server.kill()
      await ended
    },
  }
}

function accepts(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const client = net.connect(socket)
    client.on('connect', () => {
      client.destroy()
      resolve(true)
    })
    client.on('error', () => {
      resolve(false)
    })
  })
}
