// Counts what it is asked, and its connections, with metrics of every kind of prom-client.
import { createServer } from 'node:http'
import client from 'prom-client'
import { register } from '../../../dist/index.js'
import { promClient } from '../../../dist/replayer/resources/index.js'
import { serve } from './serve.mjs'

const labelNames = ['route']
const starts = new client.Counter({ name: 'starts', help: 'no labels' })
const requests = new client.Counter({ name: 'requests', help: 'labels', labelNames })
const open = new client.Gauge({ name: 'open', help: 'no labels' })
const last = new client.Gauge({ name: 'last', help: 'labels', labelNames })
const ready = new client.Gauge({ name: 'ready', help: 'what is, not what was counted' })
const seconds = new client.Histogram({ name: 'seconds', help: 'labels', labelNames, buckets: [1] })
const bytes = new client.Histogram({ name: 'bytes', help: 'no labels', buckets: [1] })
const sizes = new client.Summary({ name: 'sizes', help: 'labels', labelNames, percentiles: [0.5] })
const waits = new client.Summary({ name: 'waits', help: 'no labels', percentiles: [0.5] })
let late

starts.inc(3)
requests.inc({ route: '/before' }, 5)
for (const metric of [bytes, waits]) metric.observe(7)
sizes.observe({ route: '/before' }, 8)

if (!process.env.WITHOUT) register(promClient(client.register, { keep: ['ready'] }))

const server = createServer(async (request, response) => {
  if (request.url === '/metrics') return response.end(await client.register.metrics())
  late ??= new client.Counter({ name: 'late', help: 'made by the first request' })
  for (const counter of [starts, late]) counter.inc()
  ready.set(1)
  requests.labels('/').inc()
  last.set({ route: '/' }, 1)
  for (const metric of [seconds, sizes]) metric.labels('/').observe(2)
  for (const metric of [bytes, waits]) metric.observe(2)
  response.end('ok')
})
server.on('connection', (socket) => {
  open.inc()
  socket.on('close', () => open.dec())
})
serve(server)
