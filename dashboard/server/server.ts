import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { PrewarmError, messageOf } from '../../formats/errors.ts'
import { AnalysisThread } from './analysis-thread.ts'
import { createApp } from './app.ts'
import { openPaths } from './folder-scan.ts'
import { Library } from './library.ts'
import { LiveTail } from './live-tail.ts'
import { readPage } from './page.ts'
import type { Analyse, TaskSettings } from './tasks.ts'

export interface DashboardOptions extends TaskSettings {
  /** Files and folders that may be looked at. */
  readonly paths: readonly string[]
  readonly host: string
  /** 0: any. */
  readonly port: number
  /** When the port is taken, one of the next 20 will do. */
  readonly mayMove: boolean
  /** null: none is asked for. */
  readonly token: string | null
  /** Folder of the built page. */
  readonly page: string
  /** A line for the terminal, about what nobody expected. */
  readonly report: (line: string) => void
}

export interface Dashboard {
  readonly port: number
  /** How many files there are to look at, and whether there are more than are listed. */
  readonly files: { readonly count: number; readonly isCut: boolean }
  /** Ends all connections, too. */
  close(): Promise<void>
}

const portsTried = 20

/**
 * Starts the dashboard's server. Throws `ERR_PREWARM_DSH_PATH`, `ERR_PREWARM_DSH_PAGE` and `ERR_PREWARM_DSH_LISTEN`.
 */
export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { paths, host, token, report } = options
  const opened = await openPaths(paths)
  const page = await readPage(options.page)
  const thread = new AnalysisThread({ profileKey: options.profileKey, app: options.app })
  const { analyse } = thread
  const library = new Library(opened, analyse)
  const folders = opened.flatMap(({ path, isFolder }) => (isFolder ? [path] : []))
  const tail = new LiveTail(library, folders)
  const app = createApp({ library, tail, analyse, page, access: { host, token }, report })
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  const port = await listen(server, options)
  const count = await library.count()
  void warmUp(library, analyse)
  return {
    port,
    files: { count, isCut: library.isCut },
    async close() {
      server.close()
      server.closeAllConnections()
      await thread.close()
    },
  }
}

/** So that titles, and what the page shows first, are there when it asks for them. Never rejects. */
async function warmUp(library: Library, analyse: Analyse): Promise<void> {
  try {
    await library.list()
    const [newest] = await library.filesOf('results')
    if (newest !== undefined) await analyse({ do: 'results', file: newest.ref })
  } catch {
    // Whoever asks is told.
  }
}

async function listen(server: Server, options: DashboardOptions): Promise<number> {
  const { host, port, mayMove } = options
  for (let tried = port; ; tried++) {
    try {
      server.listen(tried, host)
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (isTaken && mayMove && tried < port + portsTried) continue
      throw new PrewarmError(
        'ERR_PREWARM_DSH_LISTEN',
        isTaken ? `Port ${tried} of ${host} is taken` : `${host}:${tried}: ${messageOf(error)}`,
        {
          hint: 'Give another --port, or 0 for any; --host must be of this machine.',
          cause: error,
        },
      )
    }
  }
}
