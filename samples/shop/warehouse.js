'use strict'

const http = require('node:http')
const { seededRandom } = require('./seeded-random')

/** The warehouse: `GET /stock/:id` answers `{ "id": 7, "count": 12 }`. */
function createWarehouse() {
  return http.createServer((req, res) => {
    const [, id] = /^\/stock\/([1-9]\d{0,8})$/.exec(req.url) ?? []
    res.setHeader('content-type', 'application/json')
    if (id === undefined) res.writeHead(404).end('{"error":"Nothing here"}')
    else res.end(JSON.stringify({ id: Number(id), count: seededRandom(Number(id)).below(100) }))
  })
}

if (require.main === module) {
  const server = createWarehouse().listen(Number(process.env.PORT ?? 3001), () => {
    process.stdout.write(`warehouse listening on http://127.0.0.1:${server.address().port}\n`)
  })
}

module.exports = { createWarehouse }
