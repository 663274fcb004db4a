'use strict'

/** `4990` as `€49.90`. */
function formatPrice(cents) {
  return `€${(cents / 100).toFixed(2)}`
}

/** A rating from 0 to 5 as five stars, filled up to the nearest whole one. */
function formatStars(rating) {
  const filled = Math.round(rating)
  return '★'.repeat(filled) + '☆'.repeat(5 - filled)
}

module.exports = { formatPrice, formatStars }
