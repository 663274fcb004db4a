import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import path from 'node:path'

export interface RedisServer {
  /** Path of its unix socket. */
  readonly socket: string
  stop(): Promise<void>
}

export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** A throw-away Redis in `folder`, on a socket alone, so that there is no port which somebody else could take. */
export async function startRedis(folder: string): Promise<RedisServer> {
  const socket = path.join(folder, 'redis.sock')
  const settings = ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]
  const server = spawn('redis-server', settings, { stdio: 'ignore' })
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
      client.end()
      resolve(true)
    })
    client.on('error', () => {
      resolve(false)
    })
  })
}
