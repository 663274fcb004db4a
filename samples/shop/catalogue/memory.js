'use strict'

const { createProducts, summaryOf } = require('./products')
const { weightedTerms, wordsOf } = require('./terms')
const { categories } = require('./vocabulary')

const byId = (a, b) => a.id - b.id

/** Orders of search results; ties are in order of id. */
const orders = {
  relevance: (a, b) => b.score - a.score || byId(a, b),
  priceAsc: (a, b) => a.priceCents - b.priceCents || byId(a, b),
  priceDesc: (a, b) => b.priceCents - a.priceCents || byId(a, b),
  rating: (a, b) => b.rating - a.rating || byId(a, b),
  name: (a, b) => (a.name < b.name ? -1 : 1),
}

function openMemory() {
  const products = createProducts()
  const entries = products.map((product) => ({
    summary: summaryOf(product),
    terms: weightedTerms(product),
  }))

  return {
    async search({ query, category, maxPriceCents, sort, page, pageSize }) {
      const prefixes = wordsOf(query)
      const found = []
      for (const { summary, terms } of entries) {
        if (category !== undefined && summary.category !== category) continue
        if (maxPriceCents !== undefined && summary.priceCents > maxPriceCents) continue
        const score = scoreOf(terms, prefixes)
        if (score > 0 || prefixes.length === 0) found.push({ ...summary, score })
      }
      found.sort(orders[sort])
      const items = found.slice((page - 1) * pageSize, page * pageSize).map(summaryOf)
      return { total: found.length, page, pageSize, items }
    },

    async product(id) {
      return products[id - 1]
    },

    async related(id, limit) {
      const product = products[id - 1]
      if (!product) return []
      return products
        .filter((other) => other !== product)
        .map((other) => ({
          other,
          kinship: kinship(product, other),
          distance: Math.abs(other.priceCents - product.priceCents),
        }))
        .sort((a, b) => b.kinship - a.kinship || a.distance - b.distance || byId(a.other, b.other))
        .slice(0, limit)
        .map(({ other }) => summaryOf(other))
    },

    async featured(limit) {
      return products
        .toSorted((a, b) => b.rating - a.rating || b.reviewCount - a.reviewCount || byId(a, b))
        .slice(0, limit)
        .map(summaryOf)
    },

    async categories() {
      return categories.map(({ slug, name }) => ({
        slug,
        name,
        count: products.filter((product) => product.category === slug).length,
      }))
    },

    async close() {},
  }
}

/** Sum of the weights of the terms that begin with a prefix; 0 unless every prefix is found. */
function scoreOf(terms, prefixes) {
  let score = 0
  for (const prefix of prefixes) {
    let found = 0
    for (const [term, weight] of terms) if (term.startsWith(prefix)) found += weight
    if (found === 0) return 0
    score += found
  }
  return score
}

function kinship(a, b) {
  const shared = a.tags.filter((tag) => b.tags.includes(tag)).length
  return shared + (a.category === b.category ? 2 : 0)
}

module.exports = { openMemory }
