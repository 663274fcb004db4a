import Fastify from 'fastify'
import { answerErrors } from './plugins/answer-errors.js'
import { stationStore } from './plugins/station-store.js'
import { forecastRoutes } from './routes/forecasts.js'
import { readingRoutes } from './routes/readings.js'
import { stationRoutes } from './routes/stations.js'
import { sharedSchemas } from './schemas.js'

/** The Fastify instance with all of its plugins; it does not listen yet. */
export function createApp() {
  const app = Fastify({
    logger: { level: 'warn' },
    // Idle connections of clients do not hold up the end.
    forceCloseConnections: 'idle',
    ajv: { customOptions: { coerceTypes: true, removeAdditional: false } },
  })
  for (const schema of sharedSchemas) app.addSchema(schema)
  app.register(answerErrors)
  app.register(stationStore)
  app.get('/healthz', { schema: { response: { 200: { $ref: 'health#' } } } }, async () => ({
    status: 'ok',
  }))
  app.register(stationRoutes, { prefix: '/stations' })
  app.register(readingRoutes, { prefix: '/stations/:id' })
  app.register(forecastRoutes, { prefix: '/forecasts' })
  return app
}
