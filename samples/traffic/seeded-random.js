'use strict'

/** A small generator of random numbers (mulberry32): one seed gives the same sequence on every machine. */
function seededRandom(seed) {
  let state = seed >>> 0

  /** A whole number from 0 up to, and without, `limit`. */
  function below(limit) {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), state | 1)
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61)
    return Math.floor((((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  return {
    below,
    pick: (list) => list[below(list.length)],
  }
}

module.exports = { seededRandom }
