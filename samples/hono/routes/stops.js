import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { formatTime } from '../network/times.js'
import { when } from './when.js'

const mostDepartures = 12

export function stopRoutes(network) {
  const routes = new Hono()

  routes.get('/', (context) => {
    const wanted = (context.req.query('q') ?? '').toLowerCase()
    const found = network.stops.filter(({ name }) => name.toLowerCase().includes(wanted))
    return context.json({ stops: found.slice(0, 20) })
  })

  routes.get('/:id/departures', when, (context) => {
    const id = Number(context.req.param('id'))
    const stop = network.stops[id - 1]
    if (stop === undefined) throw new HTTPException(404, { message: `No stop ${id}` })
    const { minute } = context.req.valid('query')
    const departures = network.departuresAt(id, minute, mostDepartures)
    return context.json({
      stop,
      departures: departures.map((each) => ({ ...each, minute: formatTime(each.minute) })),
    })
  })
  return routes
}
