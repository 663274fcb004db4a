import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { secureHeaders } from 'hono/secure-headers'
import { HTTPException } from 'hono/http-exception'
import { journeyRoutes } from './routes/journeys.js'
import { lineRoutes } from './routes/lines.js'
import { stopRoutes } from './routes/stops.js'
import { createNetwork } from './network/network.js'

export function createApp() {
  const network = createNetwork()
  const app = new Hono()
  app.use(secureHeaders())
  app.use('/lines/*', etag())
  app.get('/healthz', (context) => context.json({ status: 'ok' }))
  app.route('/lines', lineRoutes(network))
  app.route('/stops', stopRoutes(network))
  app.route('/journeys', journeyRoutes(network))
  app.notFound((context) => context.json({ error: `Nothing at ${context.req.path}` }, 404))
  app.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ error: error.message }, error.status)
    process.stderr.write(`${context.req.path}: ${error.stack}\n`)
    return context.json({ error: 'Internal server error' }, 500)
  })
  return app
}
