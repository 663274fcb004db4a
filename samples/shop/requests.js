'use strict'

const { createProducts, productCount } = require('./catalogue/products')
const { categories } = require('./catalogue/vocabulary')
const { seededRandom } = require('./seeded-random')

const helpSlugs = ['shipping', 'returns', 'guarantee', 'care', 'payment', 'contact']
const sorts = ['relevance', 'priceAsc', 'priceDesc', 'rating', 'name']

const html = { accept: 'text/html' }
const json = { accept: 'application/json' }

/** How often of 100 each kind of request is made. */
const mix = [
  { share: 10, create: () => get('/', html) },
  { share: 30, create: (context) => get(`/api/products?${searchQuery(context)}`, json) },
  { share: 15, create: (context) => get(`/api/products/${productId(context)}`, json) },
  { share: 20, create: (context) => get(`/products/${productId(context)}`, html) },
  { share: 12, create: graphqlRequest },
  { share: 8, create: ({ random }) => get(`/help/${random.pick(helpSlugs)}`, html) },
  { share: 3, create: (context) => get(`/products/${productId(context)}/datasheet.pdf`, {}) },
  { share: 2, create: () => get('/healthz', json) },
]

const operations = [
  {
    query: `query Search($query: String, $category: String, $maxPrice: Float, $sort: ProductSort) {
      products(query: $query, category: $category, maxPrice: $maxPrice, sort: $sort) {
        total
        items { id name priceCents rating }
      }
    }`,
    variables: (context) => searchOptions(context),
  },
  {
    query: `query Product($id: Int!) {
      product(id: $id) {
        id name category priceCents rating description stockCount tags
        specs { name value }
        reviews { author stars title text date }
      }
      recommendations(productId: $id, limit: 6) { id name priceCents }
    }`,
    variables: (context) => ({ id: productId(context) }),
  },
  {
    query: `query Landing($category: String, $withItems: Boolean!) {
      categories { slug name count }
      products(category: $category, sort: rating) {
        total
        items @include(if: $withItems) { ...Card }
      }
    }
    fragment Card on ProductSummary { id name priceCents rating reviewCount tags }`,
    variables: ({ random }) => ({
      category: random.pick(categories).slug,
      withItems: random.below(4) > 0,
    }),
  },
]

/** Requests without end; the same for the same seed. */
function* streamRequests(seed) {
  const context = { random: seededRandom(seed), products: createProducts() }
  while (true) {
    let ticket = context.random.below(100)
    const kind = mix.find(({ share }) => (ticket -= share) < 0)
    yield kind.create(context)
  }
}

/** The first `count` requests of a seed: `{ method, path, headers, body }`, `body` being text. */
function generateRequests(seed, count) {
  const stream = streamRequests(seed)
  return Array.from({ length: count }, () => stream.next().value)
}

function get(path, headers) {
  return { method: 'GET', path, headers, body: undefined }
}

function graphqlRequest(context) {
  const { query, variables } = context.random.pick(operations)
  return {
    method: 'POST',
    path: '/graphql',
    headers: { ...json, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables: variables(context) }),
  }
}

function searchQuery(context) {
  const { random } = context
  const options = searchOptions(context)
  if (random.below(3) === 0) options.page = 1 + random.below(3)
  return new URLSearchParams(options)
}

/** Words of a product's name, the last one perhaps not yet typed to its end, and some filters. */
function searchOptions({ random, products }) {
  const options = {}
  const product = random.pick(products)
  if (random.below(5) > 0) {
    const words = product.name.toLowerCase().split(' ')
    const first = random.below(words.length)
    const query = words.slice(first, first + 1 + random.below(2)).join(' ')
    options.query = random.below(3) === 0 ? query.slice(0, -2) : query
  }
  if (random.below(3) === 0) options.category = product.category
  if (random.below(3) === 0) options.maxPrice = 20 + 10 * random.below(18)
  if (random.below(3) === 0) options.sort = random.pick(sorts)
  return options
}

/** Low ids are asked for more often: some products are popular. */
function productId({ random }) {
  return 1 + random.below(1 + random.below(productCount))
}

module.exports = { generateRequests, streamRequests }
