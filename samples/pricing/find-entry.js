'use strict'

const { HttpError } = require('./http-error')

/** The entry of an id, the first being 1; throws a 404. */
function findEntry(entries, id) {
  const entry = entries[id - 1]
  if (entry === undefined) throw new HttpError(404, `No entry ${id}`)
  return entry
}

module.exports = { findEntry }
