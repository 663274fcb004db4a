import { get, runTraffic, streamOf } from 'prewarm-sample-traffic'
import { recipes } from './kitchen/recipes.js'

const json = { accept: 'application/json' }
const html = { accept: 'text/html' }
const words = ['leek', 'soup', 'ginger', 'barley tart', 'walnut', 'feta salad']
const id = (random) => random.pick(recipes).id
const search = (random) => new URLSearchParams({ q: random.pick(words) })

const mix = [
  { share: 15, create: () => get('/', html) },
  { share: 25, create: (random) => get(`/recipes/${id(random)}`, html) },
  {
    share: 10,
    create: (random) => get(`/recipes/${id(random)}?people=${1 + random.below(9)}`, html),
  },
  { share: 15, create: (random) => get(`/search?${search(random)}`, html) },
  { share: 20, create: (random) => get(`/api/recipes?${search(random)}`, json) },
  {
    share: 15,
    create: (random) =>
      get(`/api/recipes/${id(random)}/scaled?people=${1 + random.below(9)}`, json),
  },
]

await runTraffic(streamOf(mix))
