import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Command, InvalidArgumentError, Option } from 'commander'
import { isLoopback, isWildcard } from '../../dashboard/server/access.ts'
import { startDashboard } from '../../dashboard/server/server.ts'
import { readProfileKey } from '../../runtime/profile-key.ts'
import { applicationRoot } from '../application.ts'
import { openBrowser } from '../browser.ts'
import { wholeNumber } from '../option-values.ts'
import { printable } from '../render/text.ts'

const defaultPort = 7357
const smallestToken = 16

interface DashboardOptions {
  readonly host: string
  readonly port?: number
  /** true: one that is made up. */
  readonly token?: string | true
  readonly app?: string
  readonly open: boolean
  readonly json: boolean
}

const examples = `
Shows what lies in the paths (default: this folder), three folders deep: results of prewarm compare --save, profiles, run reports, and
what services write with PREWARM_LIVE. Other files can be dropped on the page. Ctrl-C ends it.

Examples:
  prewarm dashboard
  prewarm dashboard results.jsonl app.prewarm --open
  prewarm dashboard /var/lib/shop --app /srv/shop
  prewarm dashboard --host 0.0.0.0 --port 8080      prints an address with a token, which is asked for

Profiles hold requests of clients: bind it to other addresses than those of this machine only in networks that you trust, since
it speaks plain HTTP.`

/** One line an option, in the order of `--help`. */
const optionTable: readonly Option[] = [
  new Option(
    '--port <n>',
    `to listen on; 0: any (default: ${defaultPort}, or the next that is free)`,
  ).argParser(wholeNumber(0, 65_535)),
  new Option('--host <address>', 'to listen on').default('127.0.0.1'),
  new Option(
    '--token [text]',
    'ask for it; without a text, and with a --host beyond this machine, one is made up',
  ).argParser(parseToken),
  new Option('--app <folder>', 'application that profiles are compared with'),
  new Option('--open', 'open it in a browser').default(false),
  new Option('--json', 'print the address as JSON').default(false),
]

/** `prewarm dashboard`: results, profiles, run reports and live services in a browser. */
export function dashboardCommand(): Command {
  const command = new Command('dashboard')
    .description('show results, profiles, run reports and live services in a browser')
    .argument('[paths...]', 'folders and files to look at')
    .addHelpText('after', examples)
    .action(dashboard)
  for (const option of optionTable) command.addOption(option)
  return command
}

async function dashboard(named: readonly string[], options: DashboardOptions): Promise<void> {
  const { host, json } = options
  const paths = named.length === 0 ? ['.'] : named
  const token = tokenOf(options)
  // Before anything is printed: a signal may come at once.
  const ended = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)))
  const served = await startDashboard({
    paths,
    host,
    token,
    port: options.port ?? defaultPort,
    mayMove: options.port === undefined,
    profileKey: readProfileKey(process.env),
    app: options.app === undefined ? undefined : await applicationRoot(options.app),
    page: fileURLToPath(new URL('../../dashboard/client/', import.meta.url)),
    report: notice,
  })
  const { port, files } = served
  if (options.port === undefined && port !== defaultPort) {
    notice(`Port ${defaultPort} is taken; it listens on ${port} instead.`)
  }
  if (files.count === 0) {
    notice(
      `There is nothing to look at in ${paths.join(', ')} yet; files can be dropped on the page.`,
    )
  }
  if (files.isCut) notice('There are too many files; some are left out. Name a smaller folder.')
  if (isWildcard(host)) {
    notice(
      'It listens on all addresses; elsewhere, the name of this machine takes the place of localhost.',
    )
  }
  const url = urlOf(host, port, token)
  process.stdout.write(json ? `${JSON.stringify({ url })}\n` : `${url}\n`)
  if (options.open) openIn(url)
  await ended
  await served.close()
}

function openIn(url: string): void {
  if (process.stdout.isTTY) openBrowser(url, notice)
  else notice('--open is for terminals; no browser was opened.')
}

function tokenOf({ host, token }: DashboardOptions): string | null {
  if (typeof token === 'string') return token
  return token === true || !isLoopback(host) ? randomBytes(18).toString('base64url') : null
}

function urlOf(host: string, port: number, token: string | null): string {
  const name = isWildcard(host) ? 'localhost' : host
  const shown = name.includes(':') ? `[${name}]` : name
  return `http://${shown}:${port}/${token === null ? '' : `?token=${token}`}`
}

/** So that it stands in an address as it is, is not to be guessed, and is no file that was meant to be opened. */
function parseToken(text: string): string {
  if (/^[\w-]+$/.test(text) && text.length >= smallestToken) return text
  throw new InvalidArgumentError(`Give at least ${smallestToken} letters, digits, - or _.`)
}

function notice(text: string): void {
  process.stderr.write(`prewarm: ${printable(text)}\n`)
}
