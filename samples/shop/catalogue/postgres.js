'use strict'

const { Pool } = require('pg')
const { ensureTables } = require('./postgres-tables')
const { wordsOf } = require('./terms')
const { categories } = require('./vocabulary')

const summaryColumns = 'p.id, p.name, p.category, p.price_cents, p.rating, p.review_count, p.tags'

/** Orders of search results; ties are in order of id. */
const orders = {
  relevance: 'score DESC, id',
  priceAsc: 'price_cents, id',
  priceDesc: 'price_cents DESC, id',
  rating: 'rating DESC, id',
  name: 'name',
}

// '~' sorts after every letter and digit, so the range holds just the terms with that prefix.
const searchText = (order) => `
  WITH scores AS (
    SELECT t.product_id, sum(t.weight) AS score
    FROM unnest($1::text[]) AS prefix
    JOIN shop_terms t ON t.term BETWEEN prefix AND prefix || '~'
    GROUP BY t.product_id
    HAVING count(DISTINCT prefix) = cardinality($1)
  ), found AS (
    SELECT ${summaryColumns}, s.score
    FROM shop_products p LEFT JOIN scores s ON s.product_id = p.id
    WHERE (cardinality($1) = 0 OR s.score > 0)
      AND ($2::text IS NULL OR p.category = $2)
      AND ($3::int IS NULL OR p.price_cents <= $3)
  )
  SELECT p.*, total.count
  FROM (SELECT count(*)::int FROM found) AS total
  LEFT JOIN (SELECT * FROM found ORDER BY ${order} LIMIT $4 OFFSET $5) AS p ON true
  ORDER BY ${order}`

const relatedText = `
  SELECT ${summaryColumns}
  FROM shop_products p JOIN shop_products o ON o.id = $1 AND p.id <> o.id
  ORDER BY
    (SELECT count(*) FROM unnest(p.tags) AS tag WHERE tag = ANY (o.tags))
      + CASE WHEN p.category = o.category THEN 2 ELSE 0 END DESC,
    abs(p.price_cents - o.price_cents),
    p.id
  LIMIT $2`

const featuredText = `
  SELECT ${summaryColumns} FROM shop_products p
  ORDER BY p.rating DESC, p.review_count DESC, p.id LIMIT $1`

/** The catalogue in PostgreSQL: the same answers as the one in memory. */
async function openPostgres(connectionString) {
  const pool = new Pool({ connectionString })
  // Without a listener a connection that breaks while idle would end the process.
  pool.on('error', (error) => process.stderr.write(`shop: ${error.message}\n`))
  await ensureTables(pool)

  /** Named statements are planned once on each connection. */
  async function rowsOf(name, text, values) {
    return (await pool.query({ name, text, values })).rows
  }

  return {
    async search({ query, category, maxPriceCents, sort, page, pageSize }) {
      const rows = await rowsOf(`search-${sort}`, searchText(orders[sort]), [
        wordsOf(query),
        category ?? null,
        maxPriceCents ?? null,
        pageSize,
        (page - 1) * pageSize,
      ])
      // The total comes with each item; beyond the last page it comes alone.
      const items = rows.filter((row) => row.id !== null).map(summaryOfRow)
      return { total: rows[0].count, page, pageSize, items }
    },

    async product(id) {
      const text = `SELECT ${summaryColumns}, p.details FROM shop_products p WHERE p.id = $1`
      const [row] = await rowsOf('product', text, [id])
      return row && { ...summaryOfRow(row), ...row.details }
    },

    async related(id, limit) {
      return (await rowsOf('related', relatedText, [id, limit])).map(summaryOfRow)
    },

    async featured(limit) {
      return (await rowsOf('featured', featuredText, [limit])).map(summaryOfRow)
    },

    async categories() {
      const text = 'SELECT category, count(*)::int FROM shop_products GROUP BY category'
      const rows = await rowsOf('categories', text, [])
      const counts = new Map(rows.map((row) => [row.category, row.count]))
      return categories.map(({ slug, name }) => ({ slug, name, count: counts.get(slug) ?? 0 }))
    },

    async close() {
      await pool.end()
    },
  }
}

function summaryOfRow(row) {
  return {
    id: row.id,
    name: row.name,
    category: row.category,
    priceCents: row.price_cents,
    rating: row.rating,
    reviewCount: row.review_count,
    tags: row.tags,
  }
}

module.exports = { openPostgres }
