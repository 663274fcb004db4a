'use strict'

/**
 * Opens the catalogue: in PostgreSQL when `DATABASE_URL` is set, otherwise in memory. `REDIS_URL` adds promotions,
 * and `WAREHOUSE_URL` what is in stock now.
 */
async function openCatalogue() {
  let catalogue = await openProducts(process.env.DATABASE_URL)
  const { REDIS_URL: redisUrl, WAREHOUSE_URL: warehouseUrl } = process.env
  if (redisUrl) catalogue = await require('./promotions').withPromotions(catalogue, redisUrl)
  if (warehouseUrl) catalogue = require('./stock').withStock(catalogue, warehouseUrl)
  return catalogue
}

function openProducts(connectionString) {
  if (connectionString) return require('./postgres').openPostgres(connectionString)
  return require('./memory').openMemory()
}

module.exports = { openCatalogue }
