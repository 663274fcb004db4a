import { addDays, daysBetween, parseDay } from '../weather/days.js'
import { readingsOf } from '../weather/readings.js'
import { summarise } from '../weather/summary.js'

const querystring = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: { type: 'string', format: 'date', default: '2024-06-01' },
    days: { type: 'integer', minimum: 1, maximum: 92, default: 14 },
  },
}
const params = { $ref: 'stationId#' }

export async function readingRoutes(app) {
  const asJson = { schema: { params, querystring, response: { 200: { $ref: 'summary#' } } } }
  app.get('/readings', asJson, async (request) => {
    const station = app.stations.find(request.params.id)
    return { station, ...summarise(readingsOf(station, period(request.query))) }
  })

  app.get('/readings.csv', { schema: { params, querystring } }, async (request, reply) => {
    const station = app.stations.find(request.params.id)
    // Few people ask for a file: what writes it is loaded by the first who does.
    const { csvOf } = await import('../weather/csv.js')
    reply.type('text/csv; charset=utf-8')
    return csvOf(summarise(readingsOf(station, period(request.query))).days)
  })
}

function period({ from, days }) {
  const first = parseDay(from)
  return daysBetween(first, addDays(first, days))
}
