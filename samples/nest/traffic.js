import { get, runTraffic, streamOf } from 'prewarm-sample-traffic'

const json = { accept: 'application/json' }
const subjects = ['astronomy', 'botany', 'cartography', 'music', 'pottery', 'sailing']
const words = [
  'guide',
  'notes',
  'stars',
  'moss',
  'coast',
  'tuning',
  'glaze',
  'tide',
  'thorne',
  'marsh',
]
const book = (random) => 1 + random.below(360)
const day = (random) => `2024-0${1 + random.below(9)}-${10 + random.below(18)}`

function search(random) {
  const options = {}
  if (random.below(2) === 0) options.q = random.pick(words)
  if (random.below(3) === 0) options.subject = random.pick(subjects)
  if (random.below(3) === 0) options.since = 1950 + 5 * random.below(12)
  return new URLSearchParams(options)
}

const mix = [
  { share: 35, create: (random) => get(`/books?${search(random)}`, json) },
  { share: 25, create: (random) => get(`/books/${book(random)}`, json) },
  { share: 15, create: (random) => get(`/books/${book(random)}/related`, json) },
  {
    share: 15,
    create: (random) => get(`/members/${1 + random.below(90)}/loans?on=${day(random)}`, json),
  },
  {
    share: 5,
    create: (random) => get(`/loans/overdue?on=${day(random)}`, { ...json, 'x-role': 'librarian' }),
  },
  { share: 5, create: () => get('/healthz', json) },
]

await runTraffic(streamOf(mix))
