'use strict'

const { createProducts, summaryOf } = require('./products')
const { weightedTerms } = require('./terms')

// Any number will do, as long as every process of the shop takes the same one.
const advisoryLock = 739_215

const createTables = `
  CREATE TABLE shop_products (
    id int PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    category text NOT NULL,
    price_cents int NOT NULL,
    rating double precision NOT NULL,
    review_count int NOT NULL,
    tags text[] NOT NULL,
    details json NOT NULL
  );
  CREATE TABLE shop_terms (
    product_id int NOT NULL REFERENCES shop_products,
    term text COLLATE "C" NOT NULL,
    weight int NOT NULL,
    PRIMARY KEY (term, product_id)
  );`

/**
 * Creates and fills the tables unless they are there. All or nothing, in one transaction; of two
 * processes that start together the second waits and finds the work done.
 */
async function ensureTables(pool) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    await client.query('SELECT pg_advisory_xact_lock($1)', [advisoryLock])
    const { rows } = await client.query(`SELECT to_regclass('shop_products') IS NULL AS missing`)
    if (rows[0].missing) await createAndSeed(client)
    await client.query('COMMIT')
    client.release()
  } catch (error) {
    // A connection in a failed transaction is of no use to the pool.
    client.release(error)
    throw error
  }
}

async function createAndSeed(client) {
  const products = createProducts()
  await client.query(createTables)
  await insert(client, 'shop_products', products.map(productRow))
  await insert(client, 'shop_terms', products.flatMap(termRows))
  await client.query('ANALYZE shop_products, shop_terms')
}

function insert(client, table, rows) {
  const text = `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`
  return client.query(text, [JSON.stringify(rows)])
}

function productRow(product) {
  const { id, name, category, priceCents, rating, reviewCount, tags } = summaryOf(product)
  const { description, stockCount, colours, specs, reviews } = product
  return {
    id,
    name,
    category,
    price_cents: priceCents,
    rating,
    review_count: reviewCount,
    tags,
    details: { description, stockCount, colours, specs, reviews },
  }
}

function termRows(product) {
  return weightedTerms(product).map(([term, weight]) => ({ product_id: product.id, term, weight }))
}

module.exports = { ensureTables }
