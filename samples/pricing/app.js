'use strict'

const http = require('node:http')
const { HttpError } = require('./http-error')
const { Query } = require('./query')
const { createRoutes } = require('./routes')

/** The server of the API; it does not listen yet. */
function createApp() {
  const routes = createRoutes()

  return http.createServer((req, res) => {
    try {
      send(res, 200, answer(routes, req))
    } catch (error) {
      sendError(req, res, error)
    }
  })
}

function answer(routes, req) {
  const [path, search] = req.url.split('?', 2)
  for (const { pattern, handle } of routes) {
    const found = pattern.exec(path)
    if (found === null) continue
    if (req.method !== 'GET') throw new HttpError(405, `Only GET for ${path}`)
    return handle(new Query(new URLSearchParams(search)), Number(found[1]))
  }
  throw new HttpError(404, `Nothing at ${req.method} ${path}`)
}

function send(res, status, body) {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function sendError(req, res, error) {
  const status = error.status ?? 500
  if (status >= 500) process.stderr.write(`${req.method} ${req.url}: ${error.stack}\n`)
  const message = status >= 500 ? 'Internal server error' : error.message
  send(res, status, { error: message, details: error.details })
}

module.exports = { createApp }
