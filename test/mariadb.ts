import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Certificate } from './certificate.ts'

/** Debian keeps the server out of the PATH of users. */
const programs = ['/usr/sbin/mariadbd', '/usr/libexec/mariadbd', '/usr/local/bin/mariadbd']

export interface MariaDb {
  /** Of its unix socket; the user is `root` without a password, and there is a database `shop`. */
  readonly path: string
  stop(): Promise<void>
}

/** A throw-away MariaDB in `folder`, which speaks TLS too when it has a certificate; undefined where none is installed. Throws when it does not start. */
export async function startMariaDb(
  folder: string,
  certificate?: Certificate,
): Promise<MariaDb | undefined> {
  const program = programs.find((each) => existsSync(each))
  const hasInstaller = spawnSync('mariadb-install-db', ['--help']).error === undefined
  if (program === undefined || !hasInstaller) return undefined
  const data = path.join(folder, 'mysql')
  const socket = path.join(folder, 'mysql.sock')
  // Without the settings of the machine, and as root only when it is told so.
  const user = process.getuid?.() === 0 ? ['--user=root'] : []
  const common = ['--no-defaults', ...user, `--datadir=${data}`]
  execFileSync(
    'mariadb-install-db',
    [...common, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { stdio: 'pipe' },
  )
  // On a socket in its folder alone, so that there is no port which somebody else could take.
  const settings = [
    ...['--skip-networking', `--socket=${socket}`, `--pid-file=${data}/server.pid`],
    ...(certificate === undefined
      ? []
      : [`--ssl-key=${certificate.KEY}`, `--ssl-cert=${certificate.CERT}`]),
    ...['--innodb-flush-log-at-trx-commit=0', '--innodb-buffer-pool-size=16M'],
  ]
  const server = spawn(program, [...common, ...settings], { stdio: 'ignore' })
  const ended = once(server, 'exit')
  const execute = (sql: string): boolean =>
    spawnSync('mariadb', ['--no-defaults', '-u', 'root', '-S', socket, '-e', sql]).status === 0
  for (let attempt = 0; !execute('CREATE DATABASE IF NOT EXISTS shop'); attempt++) {
    if (attempt > 1200 || server.exitCode !== null) throw new Error('MariaDB did not start')
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
