import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { linePage } from '../views/line-page.js'
import { networkPage } from '../views/network-page.js'
import { when } from './when.js'

const shownRuns = 8

export function lineRoutes(network) {
  const routes = new Hono()

  routes.get('/', (context) => context.html(networkPage(network.lines)))

  routes.get('/:id', when, (context) => {
    const line = find(context.req.param('id'))
    const { minute } = context.req.valid('query')
    return context.html(linePage(line, network.departuresOf(line, 0, minute, shownRuns)))
  })

  routes.get('/:id/map.svg', async (context) => {
    const line = find(context.req.param('id'))
    // Few people look at maps: what draws them is loaded by the first who does.
    const { drawLine } = await import('../views/line-map.js')
    return context.body(drawLine(line), 200, { 'content-type': 'image/svg+xml' })
  })

  function find(id) {
    const line = network.lines[Number(id) - 1]
    if (line === undefined) throw new HTTPException(404, { message: `No line ${id}` })
    return line
  }
  return routes
}
