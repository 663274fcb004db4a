import { get, runTraffic, streamOf } from 'prewarm-sample-traffic'
import { recipes } from './kitchen/recipes.js'

const json = { accept: 'application/json' }
const html = { accept: 'text/html' }
const words = ['leek', 'soup', 'ginger', 'barley tart', 'walnut', 'feta salad']
const slug = (random) => random.pick(recipes).slug
const search = (random) => new URLSearchParams({ q: random.pick(words) })

const mix = [
  { share: 15, create: () => get('/', html) },
  { share: 25, create: (random) => get(`/recipes/${slug(random)}`, html) },
  {
    share: 10,
    create: (random) => get(`/recipes/${slug(random)}?people=${1 + random.below(9)}`, html),
  },
  { share: 15, create: (random) => get(`/search?${search(random)}`, html) },
  { share: 20, create: (random) => get(`/api/recipes?${search(random)}`, json) },
  {
    share: 15,
    create: (random) =>
      get(`/api/recipes/${slug(random)}/scaled?people=${1 + random.below(9)}`, json),
  },
]

await runTraffic(streamOf(mix))
