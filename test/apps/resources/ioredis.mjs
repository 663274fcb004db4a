// Connects with the first request. With HANG Redis does not answer any more once it was rehearsed.
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { register } from '../../../dist/index.js'
import { ioredis } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const redis = new Redis(process.env.REDIS_SOCKET, { lazyConnect: true })
let connected = 0
redis.on('connect', () => connected++)
const hang = { afterRehearsal: () => void redis.stream.pause() }
if (process.env.HANG) register(hang)
register(ioredis(redis))

const server = createServer(async (request, response) => {
  if (request.url === '/client') {
    return response.end(JSON.stringify({ connected, status: redis.status }))
  }
  response.end(`${await redis.get('greeting')}`)
})
serve(server)
// Resources are held weakly.
process.on('exit', () => hang)
