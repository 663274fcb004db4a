'use strict'

const { findEntry } = require('../find-entry')
const { diff, fingerprint } = require('./diff')
const { normalise } = require('./normalise')
const { createRecords } = require('./records')

/** `GET /policies/:id/changes`: what has changed between two versions of a policy. */
function policyChanges(random, count) {
  const records = createRecords(random, count)
  return {
    pattern: /^\/policies\/(\d+)\/changes$/,
    handle(query, id) {
      const { versions } = findEntry(records, id)
      const limits = { min: 1, max: versions.length }
      const from = query.whole('from', { ...limits, otherwise: 1 })
      const to = query.whole('to', { ...limits, otherwise: versions.length })
      const before = normalise(versions[from - 1])
      const after = normalise(versions[to - 1])
      return {
        number: after.document.number,
        fingerprints: [fingerprint(before.document), fingerprint(after.document)],
        premiumCents: [before.document.premiumCents, after.document.premiumCents],
        problems: after.problems,
        changes: diff(before.document, after.document),
      }
    },
  }
}

module.exports = { policyChanges }
