import { get, postJson, runTraffic, streamOf } from 'prewarm-sample-traffic'
import { depots } from './packages/pricing/depots.js'

const json = { accept: 'application/json' }
const names = ['arn', 'borv', 'castor', 'dun', 'elm', 'farrow']

/** Two depots, not the same. */
function pair(random) {
  const from = random.below(depots.length)
  const to = (from + 1 + random.below(depots.length - 1)) % depots.length
  return { from: depots[from].code, to: depots[to].code }
}

function parcel(random) {
  const sides = [100 + random.below(700), 80 + random.below(300), 40 + random.below(200)]
  return {
    grams: 100 + random.below(20_000),
    sizeMm: sides,
    ...(random.below(4) === 0 && { isFragile: true }),
  }
}

function consignment(random) {
  return {
    ...pair(random),
    ...(random.below(2) === 0 && { service: random.pick(['economy', 'express']) }),
    parcels: Array.from({ length: 1 + random.below(12) }, () => parcel(random)),
  }
}

const mix = [
  { share: 55, create: (random) => postJson('/quotes', consignment(random)) },
  {
    share: 25,
    create: (random) => get(`/routes?${new URLSearchParams(pair(random))}`, json),
  },
  { share: 15, create: (random) => get(`/depots?name=${random.pick(names)}`, json) },
  { share: 5, create: () => get('/healthz', json) },
]

await runTraffic(streamOf(mix))
