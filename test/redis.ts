import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

export interface Redis {
  /** Of its unix socket. */
  readonly path: string
  stop(): Promise<void>
}

/** A throw-away Redis in `folder`; undefined where none is installed. Throws when it does not start. */
export async function startRedis(folder: string): Promise<Redis | undefined> {
  if (spawnSync('redis-server', ['--version']).error !== undefined) return undefined
  const socket = path.join(folder, 'redis.sock')
  // On a socket in its folder alone, so that there is no port which somebody else could take.
  const settings = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '']
  const server = spawn('redis-server', settings, { stdio: 'ignore' })
  const ended = once(server, 'exit')
  const isReady = (): boolean =>
    spawnSync('redis-cli', ['-s', socket, 'ping'], { encoding: 'utf8' }).stdout === 'PONG\n'
  for (let attempt = 0; !isReady(); attempt++) {
    if (attempt > 1200 || server.exitCode !== null) throw new Error('Redis did not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    path: socket,
    async stop() {
      server.kill()
      await ended
    },
  }
}
