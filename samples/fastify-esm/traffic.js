import { get, postJson, runTraffic, streamOf } from 'prewarm-sample-traffic'
import { formatDay, parseDay } from './weather/days.js'
import { regions, stationCount } from './weather/stations.js'

const json = { accept: 'application/json' }
const station = (random) => 1 + random.below(stationCount)
const day = (random) => formatDay(parseDay('2024-01-01') + random.below(360))

function search(random) {
  const options = {}
  if (random.below(2) === 0) options.region = random.pick(regions)
  if (random.below(3) === 0) options.above = 100 * random.below(6)
  if (random.below(3) === 0) options.near = `${50 + random.below(8)}.${random.below(100)},-2.5`
  return new URLSearchParams(options)
}

const mix = [
  { share: 25, create: (random) => get(`/stations?${search(random)}`, json) },
  { share: 20, create: (random) => get(`/stations/${station(random)}`, json) },
  {
    share: 30,
    create: (random) =>
      get(
        `/stations/${station(random)}/readings?from=${day(random)}&days=${7 + random.below(30)}`,
        json,
      ),
  },
  {
    share: 5,
    create: (random) => get(`/stations/${station(random)}/readings.csv?from=${day(random)}`),
  },
  {
    share: 15,
    create: (random) =>
      postJson('/forecasts', {
        stations: Array.from({ length: 1 + random.below(4) }, () => station(random)),
        from: day(random),
        days: 3 + random.below(5),
      }),
  },
  { share: 5, create: () => get('/healthz', json) },
]

await runTraffic(streamOf(mix))
