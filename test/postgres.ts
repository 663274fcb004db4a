import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'

/** Debian keeps the programs of the server out of the PATH. */
function findPrograms(): string | undefined {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return undefined
  const folders = readdirSync(versions).map((version) => path.join(versions, version, 'bin'))
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')))
}

export interface Postgres {
  readonly url: string
  stop(): Promise<void>
}

/** A throw-away PostgreSQL in `folder`; undefined where none is installed. Throws when it does not start. */
export async function startPostgres(folder: string): Promise<Postgres | undefined> {
  const programs = findPrograms()
  if (programs === undefined) return undefined
  const data = path.join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  // The server refuses to run as root.
  const user = process.getuid?.() === 0 ? idsOf('postgres') : undefined
  if (user !== undefined) {
    for (const each of [folder, data]) chownSync(each, user.uid, user.gid)
  }
  const options = { ...user, cwd: folder, stdio: 'pipe' as const }
  execFileSync(
    path.join(programs, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'shop', '-N'],
    options,
  )
  // On a socket in its folder alone, so that there is no port which somebody else could take.
  const settings = ['-c', 'listen_addresses=', '-c', 'fsync=off']
  const args = ['-D', data, '-k', folder, ...settings]
  const server = spawn(path.join(programs, 'postgres'), args, { ...options, stdio: 'ignore' })
  const ended = new Promise<void>((resolve) =>
    server.once('exit', () => {
      resolve()
    }),
  )
  // A connection is accepted before the server has started up.
  const isReady = (): boolean =>
    spawnSync(path.join(programs, 'pg_isready'), ['-q', '-h', folder]).status === 0
  for (let attempt = 0; !isReady(); attempt++) {
    if (attempt > 1200 || server.exitCode !== null) throw new Error('PostgreSQL did not start')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url: `postgres://shop@${encodeURIComponent(folder)}/postgres`,
    async stop() {
      server.kill('SIGINT')
      await ended
    },
  }
}

function idsOf(name: string): { uid: number; gid: number } {
  const id = (flag: string): number =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}
