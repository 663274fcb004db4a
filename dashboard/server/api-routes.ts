import { Hono, type Context } from 'hono'
import type { ExportFormat, FileKind, FileList } from '../api.ts'
import { checkChange } from './access.ts'
import type { AppParts } from './app.ts'
import type { LibraryFile } from './library.ts'
import { liveStream } from './live-stream.ts'
import { notFound } from './problems.ts'
import { curvesQuery, droppedName, exportFormat } from './queries.ts'
import { readBody } from './request-body.ts'
import type { Task } from './tasks.ts'

const extensions: Readonly<Record<ExportFormat, string>> = {
  cpuprofile: '.cpuprofile',
  speedscope: '.speedscope.json',
  pprof: '.pb.gz',
}

/** What dashboard/api.ts describes, without the `/api`. */
export function apiRoutes({ library, tail, analyse }: AppParts): Hono {
  const api = new Hono()

  async function fileOf(id: string, ...kinds: readonly FileKind[]): Promise<LibraryFile> {
    const file = await library.get(id)
    if (kinds.includes(file.kind)) return file
    throw notFound(`This file is of kind ${file.kind}, not ${kinds.join(' or ')}`)
  }

  async function answer(
    c: Context,
    task: Task,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const body = (await analyse(task)) as string | Uint8Array<ArrayBuffer>
    return c.body(body, 200, { 'Content-Type': 'application/json', ...more })
  }

  api.get('/files', async (c) => {
    const list: FileList = { files: await library.list() }
    return c.json(list)
  })

  api.post('/files', async (c) => {
    const { req } = c
    checkChange(req.header('host'), req.header('origin'), req.header('content-type'))
    const name = droppedName(req.query('name'))
    return c.json(await library.add(name, await readBody(req.raw)), 201)
  })

  api.get('/results/:id', async (c) => {
    const { ref } = await fileOf(c.req.param('id'), 'results')
    return answer(c, { do: 'results', file: ref })
  })

  api.get('/results/:id/curves', async (c) => {
    const query = curvesQuery(c.req.query())
    const { ref } = await fileOf(c.req.param('id'), 'results')
    return answer(c, { do: 'curves', file: ref, query })
  })

  api.get('/results/:id/windows', async (c) => {
    const { ref } = await fileOf(c.req.param('id'), 'results')
    return answer(c, { do: 'windows', file: ref, route: c.req.query('route') ?? null })
  })

  api.get('/reports/:id', async (c) => {
    const { ref, kind } = await fileOf(c.req.param('id'), 'report', 'results')
    return answer(c, { do: 'reports', kind, file: ref })
  })

  api.get('/starts/:id', async (c) => {
    const { ref } = await fileOf(c.req.param('id'), 'start')
    return answer(c, { do: 'start', file: ref })
  })

  api.get('/profiles/:id', async (c) => {
    const { ref } = await fileOf(c.req.param('id'), 'profile')
    return answer(c, { do: 'profile', file: ref })
  })

  api.get('/profiles/:id/diff/:other', async (c) => {
    const { ref: file } = await fileOf(c.req.param('id'), 'profile')
    const { ref: other } = await fileOf(c.req.param('other'), 'profile')
    return answer(c, { do: 'diff', file, other })
  })

  api.get('/profiles/:id/export/:format', async (c) => {
    const format = exportFormat(c.req.param('format'))
    const { ref: file } = await fileOf(c.req.param('id'), 'profile')
    return answer(
      c,
      { do: 'export', file, format },
      {
        'Content-Disposition': `attachment; filename="${downloadName(file.name, format)}"`,
        ...(format === 'pprof' && { 'Content-Type': 'application/octet-stream' }),
      },
    )
  })

  api.get('/live', (c) =>
    c.body(liveStream(tail, c.req.header('last-event-id')), 200, {
      'Content-Type': 'text/event-stream',
      // A proxy that collects answers would hold back what is live.
      'X-Accel-Buffering': 'no',
    }),
  )

  return api
}

/** Of characters that need no quoting in a header. */
function downloadName(name: string, format: ExportFormat): string {
  const base =
    name
      .split('/')
      .at(-1)
      ?.replace(/\.prewarm$/, '') ?? ''
  return (base.replaceAll(/[^\w.-]+/g, '_') || 'profile') + extensions[format]
}
