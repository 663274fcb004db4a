import { Hono, type Context } from 'hono'
import { compress } from 'hono/compress'
import { messageOf, PrewarmError } from '../../formats/errors.ts'
import { checkSite, isOwnHost, refused, TokenGate, type Access } from './access.ts'
import { apiRoutes } from './api-routes.ts'
import type { Library } from './library.ts'
import type { LiveTail } from './live-tail.ts'
import type { Page } from './page.ts'
import { notFound, problemOf } from './problems.ts'
import type { Analyse } from './tasks.ts'

export interface AppParts {
  readonly library: Library
  readonly tail: LiveTail
  readonly analyse: Analyse
  readonly page: Page
  readonly access: Access
  /** A line for the terminal, about what nobody expected. */
  readonly report: (line: string) => void
}

/** On every answer. Trusted types: lit makes its templates by a policy of this name. */
const headers: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

/** The dashboard's answers: its page, and below `/api` what dashboard/api.ts says. */
export function createApp(parts: AppParts): Hono {
  const { access, page, report } = parts
  const gate = access.token === null ? null : new TokenGate(access.token)
  const app = new Hono()

  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
    if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
  })

  // Streams of events are left as they are.
  app.use(compress())

  app.use(async (c, next) => {
    if (!isOwnHost(c.req.header('host'), access)) throw refused('A request for another host')
    if (gate === null) return next()
    const token = c.req.query('token')
    if (token !== undefined && c.req.path === '/' && gate.isToken(token)) {
      c.header('Set-Cookie', gate.cookie)
      return c.redirect('/', 303)
    }
    if (gate.hasPassed(c.req.header('cookie'), c.req.header('authorization'))) return next()
    throw new PrewarmError('ERR_PREWARM_DSH_TOKEN', 'The dashboard asks for its token', {
      hint: 'Open the address that prewarm dashboard has printed.',
    })
  })

  app.use('/api/*', async (c, next) => {
    checkSite(c.req.header('sec-fetch-site'))
    await next()
  })
  app.route('/api', apiRoutes(parts))

  app.get('*', (c) => {
    const asset = isApi(c) ? undefined : page.get(c.req.path)
    if (asset === undefined) throw notFound('There is no such page')
    return c.body(asset.bytes, 200, {
      'Content-Type': asset.type,
      'Cache-Control': asset.isImmutable ? 'private, max-age=31536000, immutable' : 'no-cache',
    })
  })

  app.notFound((c) => answerTo(c, notFound('There is nothing to do this with')))
  app.onError((error, c) => {
    const { status } = problemOf(error)
    if (status === 500) report(`${c.req.method} ${c.req.path}: ${causeOf(error)}`)
    return answerTo(c, error)
  })
  return app
}

/** For a person who has typed an address it is a sentence, else JSON. */
function answerTo(c: Context, error: unknown): Response {
  const { status, body } = problemOf(error)
  if (isApi(c)) return c.json(body, status)
  return c.text(`${[body.message, body.hint].filter(Boolean).join('.\n')}\n`, status)
}

function isApi(c: Context): boolean {
  return c.req.path === '/api' || c.req.path.startsWith('/api/')
}

function causeOf(error: Error): string {
  return messageOf(error.cause ?? error)
}
