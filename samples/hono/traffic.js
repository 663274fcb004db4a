import { get, postJson, runTraffic, streamOf } from 'prewarm-sample-traffic'
import { lineCount, stopCount } from './network/network.js'
import { formatTime } from './network/times.js'

const json = { accept: 'application/json' }
const html = { accept: 'text/html' }
const line = (random) => 1 + random.below(lineCount)
const stop = (random) => 1 + random.below(stopCount)
const time = (random) => formatTime(300 + random.below(1000))
const words = ['mill', 'park', 'road', 'gate', 'hill', 'chapel']

const mix = [
  { share: 10, create: () => get('/lines', html) },
  { share: 15, create: (random) => get(`/lines/${line(random)}?at=${time(random)}`, html) },
  { share: 5, create: (random) => get(`/lines/${line(random)}/map.svg`) },
  { share: 10, create: (random) => get(`/stops?q=${random.pick(words)}`, json) },
  {
    share: 35,
    create: (random) => get(`/stops/${stop(random)}/departures?at=${time(random)}`, json),
  },
  {
    share: 20,
    create: (random) =>
      postJson('/journeys', { from: stop(random), to: stop(random), at: time(random) }),
  },
  { share: 5, create: () => get('/healthz', json) },
]

await runTraffic(streamOf(mix))
