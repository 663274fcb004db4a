'use strict'

const path = require('node:path')
const express = require('express')
const { HttpError } = require('./http-error')
const { graphqlRoute } = require('./routes/graphql')
const { helpPages } = require('./routes/help')
const { homePage } = require('./routes/home')
const { productPages } = require('./routes/product-pages')
const { productsApi } = require('./routes/products-api')

/** The Express application over a catalogue; it does not listen yet. */
function createApp(catalogue) {
  const app = express()
  app.disable('x-powered-by')

  app.get('/healthz', (req, res) => {
    res.json({ status: 'ok' })
  })
  app.use('/api/products', productsApi(catalogue))
  app.use('/products', productPages(catalogue))
  app.use('/graphql', graphqlRoute(catalogue))
  app.use('/help', helpPages(catalogue))
  app.use('/assets', express.static(path.join(__dirname, 'public')))
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

module.exports = { createApp }
