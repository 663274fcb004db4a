// Three queries at once for a request. With HANG one of the pooled clients does not answer once it was rehearsed.
import { createServer } from 'node:http'
import pg from 'pg'
import { register } from '../../../dist/index.js'
import { pgPool } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 3 })
let connected = 0
let latest
pool.on('connect', (client) => {
  connected++
  latest = client
})
const hang = { afterRehearsal: () => void latest.connection.stream.pause() }
if (process.env.HANG) register(hang)
register(pgPool(pool))

const server = createServer(async (request, response) => {
  if (request.url === '/pool') {
    const { totalCount, idleCount, waitingCount } = pool
    return response.end(JSON.stringify({ connected, totalCount, idleCount, waitingCount }))
  }
  const answers = await Promise.all([1, 2, 3].map((n) => pool.query('SELECT $1::int AS n', [n])))
  response.end(JSON.stringify(answers.map(({ rows }) => rows[0].n)))
})
serve(server)
// Resources are held weakly.
process.on('exit', () => hang)
