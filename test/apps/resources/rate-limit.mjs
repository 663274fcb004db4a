// Lets every client ask a thousand times an hour, and takes all for one client.
import { createServer } from 'node:http'
import express from 'express'
import { MemoryStore, rateLimit } from 'express-rate-limit'
import { register } from '../../../dist/index.js'
import { memoryRateLimit } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const store = new MemoryStore()
const app = express()
app.use(rateLimit({ store, limit: 1000, windowMs: 3_600_000, keyGenerator: () => 'all' }))
app.get('/', (request, response) => response.send('ok'))
// Somebody has asked before.
for (let hit = 0; hit < 10; hit++) await store.increment('all')
if (!process.env.WITHOUT) register(memoryRateLimit(store))
serve(createServer(app))
