'use strict'

/** The distinct lower-case words of a text: letters a to z and digits, nothing else. */
function wordsOf(text) {
  return [...new Set(text.toLowerCase().match(/[a-z0-9]+/g))]
}

/** The words by which a product is found, each with its weight: a word in the name counts most. */
function weightedTerms(product) {
  const weights = new Map()
  const add = (text, weight) => {
    for (const word of wordsOf(text)) weights.set(word, (weights.get(word) ?? 0) + weight)
  }
  add(product.name, 8)
  add(product.category, 4)
  for (const tag of product.tags) add(tag, 3)
  add(product.description, 1)
  return [...weights]
}

module.exports = { wordsOf, weightedTerms }
