import express from 'express'
import { buildSchema, graphql } from 'graphql'
import { HttpError } from '../http-error.js'
import { parseSearch } from '../search-input.js'

const schema = buildSchema(`
  enum ProductSort { relevance priceAsc priceDesc rating name }

  type Category { slug: String!  name: String!  count: Int! }
  type Spec { name: String!  value: String! }
  type Review { author: String!  stars: Int!  title: String!  text: String!  date: String! }

  type ProductSummary {
    id: Int!
    name: String!
    category: String!
    priceCents: Int!
    rating: Float!
    reviewCount: Int!
    tags: [String!]!
  }

  type Product {
    id: Int!
    name: String!
    category: String!
    priceCents: Int!
    rating: Float!
    reviewCount: Int!
    tags: [String!]!
    description: String!
    stockCount: Int!
    colours: [String!]!
    specs: [Spec!]!
    reviews: [Review!]!
  }

  type ProductPage { total: Int!  page: Int!  pageSize: Int!  items: [ProductSummary!]! }

  type Query {
    products(
      query: String, category: String, maxPrice: Float, sort: ProductSort, page: Int
    ): ProductPage!
    product(id: Int!): Product
    categories: [Category!]!
    recommendations(productId: Int!, limit: Int = 4): [ProductSummary!]!
  }
`)

export function graphqlRoute(catalogue) {
  const rootValue = {
    products: (args) => catalogue.search(parseSearch(args)),
    product: ({ id }) => catalogue.product(id),
    categories: () => catalogue.categories(),
    recommendations: ({ productId, limit }) =>
      catalogue.related(productId, Math.min(Math.max(limit ?? 4, 1), 12)),
  }
  const router = express.Router()

  router.post('/', express.json({ limit: '64kb' }), async (req, res) => {
    const { query, variables, operationName } = req.body ?? {}
    if (typeof query !== 'string') throw new HttpError(400, 'Expected JSON with a "query"')
    const result = await graphql({
      schema,
      source: query,
      rootValue,
      variableValues: variables,
      operationName,
    })
    // Without `data` the request was refused before anything was executed.
    res.status('data' in result ? 200 : 400).json(result)
  })

  return router
}
