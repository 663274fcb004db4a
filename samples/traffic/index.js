'use strict'

const { runTraffic } = require('./run-traffic')
const { seededRandom } = require('./seeded-random')

/**
 * Requests without end of a mix, the same for the same seed. `share` is how often of 100 a kind is asked for, `create` makes a
 * request of random numbers.
 */
function streamOf(mix) {
  return function* stream(seed) {
    const random = seededRandom(seed)
    while (true) {
      let ticket = random.below(100)
      yield mix.find(({ share }) => (ticket -= share) < 0).create(random)
    }
  }
}

function get(path, headers = {}) {
  return { method: 'GET', path, headers, body: undefined }
}

function postJson(path, value) {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  return { method: 'POST', path, headers, body: JSON.stringify(value) }
}

module.exports = { get, postJson, runTraffic, streamOf }
