import { addDays, daysBetween, parseDay } from '../weather/days.js'
import { forecast } from '../weather/forecast.js'
import { readingsOf } from '../weather/readings.js'

/** How many days before the first one a forecast looks at. */
const historyDays = 28

const body = {
  type: 'object',
  additionalProperties: false,
  required: ['stations', 'from'],
  properties: {
    stations: { type: 'array', minItems: 1, maxItems: 10, items: { type: 'integer', minimum: 1 } },
    from: { type: 'string', format: 'date' },
    days: { type: 'integer', minimum: 1, maximum: 10, default: 5 },
  },
}

const answer = {
  type: 'object',
  properties: {
    forecasts: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          station: { type: 'integer' },
          days: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                day: { type: 'string' },
                meanC: { type: 'number' },
                rainLikelihood: { type: 'number' },
                sky: { type: 'string', enum: ['clear', 'fair', 'overcast', 'rain', 'snow'] },
              },
            },
          },
        },
      },
    },
  },
}

export async function forecastRoutes(app) {
  app.post('/', { schema: { body, response: { 200: answer } } }, async (request) => {
    const { stations, from, days } = request.body
    const first = parseDay(from)
    return {
      forecasts: stations.map((id) => {
        const station = app.stations.find(id)
        const history = readingsOf(station, daysBetween(addDays(first, -historyDays), first))
        return { station: id, days: forecast(history, first, days) }
      }),
    }
  })
}
