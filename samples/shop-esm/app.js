import { fileURLToPath } from 'node:url'
import express from 'express'
import { HttpError } from './http-error.js'
import { graphqlRoute } from './routes/graphql.js'
import { helpPages } from './routes/help.js'
import { homePage } from './routes/home.js'
import { productPages } from './routes/product-pages.js'
import { productsApi } from './routes/products-api.js'

const assets = fileURLToPath(
  new URL('public', import.meta.resolve('prewarm-sample-shop/package.json')),
)

/** The Express application over a catalogue; it does not listen yet. */
export function createApp(catalogue) {
  const app = express()
  app.disable('x-powered-by')

  app.get('/healthz', (req, res) => {
    res.json({ status: 'ok' })
  })
  app.use('/api/products', productsApi(catalogue))
  app.use('/products', productPages(catalogue))
  app.use('/graphql', graphqlRoute(catalogue))
  app.use('/help', helpPages(catalogue))
  app.use('/assets', express.static(assets))
  app.use('/', homePage(catalogue))

  app.use((req) => {
    throw new HttpError(404, `Nothing at ${req.method} ${req.path}`)
  })
  app.use(answerError)
  return app
}

// Express knows an error handler by its four parameters.
function answerError(error, req, res, next) {
  if (res.headersSent) return next(error)
  const status = error.status ?? 500
  if (status >= 500) process.stderr.write(`${req.method} ${req.path}: ${error.stack}\n`)
  const message = status >= 500 ? 'Internal server error' : error.message
  res.status(status).json({ error: message, details: error.details })
}
