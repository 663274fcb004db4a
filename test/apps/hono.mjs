import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.get('/', (context) => context.json({ ok: true }))
app.get('/users/:id', (context) => context.json({ id: context.req.param('id') }))
serve({ fetch: app.fetch, port: Number(process.env.PORT) }, ({ port }) => {
  console.log(`listening on http://127.0.0.1:${port}`)
})
