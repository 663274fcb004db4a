'use strict'

/** Opens the catalogue: in PostgreSQL when `DATABASE_URL` is set, otherwise in memory. */
async function openCatalogue() {
  const connectionString = process.env.DATABASE_URL
  if (connectionString) return require('./postgres').openPostgres(connectionString)
  return require('./memory').openMemory()
}

module.exports = { openCatalogue }
