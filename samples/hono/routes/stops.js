import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { validator } from 'hono/validator'
import { formatTime, parseTime } from '../network/times.js'

const mostDepartures = 12

export function stopRoutes(network) {
  const routes = new Hono()

  routes.get('/', (context) => {
    const wanted = (context.req.query('q') ?? '').toLowerCase()
    const found = network.stops.filter(({ name }) => name.toLowerCase().includes(wanted))
    return context.json({ stops: found.slice(0, 20) })
  })

  const when = validator('query', ({ at = '08:00' }) => {
    const minute = parseTime(at)
    if (minute !== undefined) return { minute }
    throw new HTTPException(400, { message: `at=${at} is not a time: 08:15` })
  })
  routes.get('/:id/departures', when, (context) => {
    const id = Number(context.req.param('id'))
    const stop = network.stops[id - 1]
    if (stop === undefined) throw new HTTPException(404, { message: `No stop ${id}` })
    const { minute } = context.req.valid('query')
    const departures = network.departuresAt(id, minute).slice(0, mostDepartures)
    return context.json({
      stop,
      departures: departures.map((each) => ({ ...each, minute: formatTime(each.minute) })),
    })
  })
  return routes
}
