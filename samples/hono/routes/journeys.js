import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { validator } from 'hono/validator'
import { fastestJourney } from '../network/journeys.js'
import { formatTime, parseTime } from '../network/times.js'

export function journeyRoutes(network) {
  const isStop = (id) => Number.isInteger(id) && network.stops[id - 1] !== undefined
  const wish = validator('json', ({ from, to, at }) => {
    const minute = parseTime(at)
    if (isStop(from) && isStop(to) && minute !== undefined) return { from, to, minute }
    throw new HTTPException(400, { message: 'Expected {"from": stop, "to": stop, "at": "08:15"}' })
  })

  return new Hono().post('/', wish, (context) => {
    const { from, to, minute } = context.req.valid('json')
    const legs = fastestJourney(network, from, to, minute)
    if (legs === undefined) return context.json({ journey: null })
    const shown = legs.map((leg) => ({
      ...leg,
      from: network.stops[leg.from - 1].name,
      to: network.stops[leg.to - 1].name,
      departs: formatTime(leg.departs),
      arrives: formatTime(leg.arrives),
    }))
    return context.json({ journey: { minutes: legs.at(-1).arrives - minute, legs: shown } })
  })
}
