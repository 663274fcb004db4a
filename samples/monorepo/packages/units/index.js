'use strict'

/** Cents as `12.50 EUR`. */
function formatMoney(cents) {
  return `${(cents / 100).toFixed(2)} EUR`
}

/** Grams as `850 g` or `1.2 kg`. */
function formatWeight(grams) {
  return grams < 1000 ? `${grams} g` : `${Number((grams / 1000).toFixed(1))} kg`
}

module.exports = { formatMoney, formatWeight }
