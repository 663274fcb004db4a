'use strict'

const { seededRandom } = require('../seeded-random')
const vocabulary = require('./vocabulary')

const productCount = 400

/** The whole catalogue, the same in every process. Ids run from 1 to `productCount`. */
function createProducts() {
  const random = seededRandom(7)
  const names = new Set()
  return Array.from({ length: productCount }, (_, index) => createProduct(index + 1, random, names))
}

function createProduct(id, random, names) {
  const category = random.pick(vocabulary.categories)
  const feature = random.pick(vocabulary.features)
  let style, material, name
  do {
    style = random.pick(vocabulary.styles)
    material = random.pick(category.materials)
    name = `${style} ${material} ${random.pick(category.nouns)}`
  } while (names.has(name))
  names.add(name)

  const reviews = createReviews(random)
  const words = { name, feature, style: style.toLowerCase(), material: material.toLowerCase() }
  return {
    id,
    name,
    category: category.slug,
    priceCents: 990 + random.below(400) * 50,
    rating: average(reviews.map((review) => review.stars)),
    reviewCount: reviews.length,
    tags: [words.style, words.material, feature],
    description: vocabulary.sentences
      .map((choices) => random.pick(choices)(words, random.pick(vocabulary.places)))
      .join(' '),
    stockCount: random.below(60),
    colours: [0, 2, 4].map((offset) => vocabulary.colours[(id + offset) % 7]),
    specs: [
      { name: 'Material', value: material },
      { name: 'Width', value: `${12 + random.below(90)} cm` },
      { name: 'Height', value: `${8 + random.below(140)} cm` },
      { name: 'Weight', value: `${200 + random.below(80) * 50} g` },
      { name: 'Guarantee', value: `${2 + random.below(9)} years` },
    ],
    reviews,
  }
}

function createReviews(random) {
  return Array.from({ length: 3 + random.below(8) }, () => {
    const stars = 5 - random.below(random.below(4) + 1)
    return {
      author: random.pick(vocabulary.authors),
      stars,
      title: random.pick(vocabulary.reviewTitles[stars]),
      text: random.pick(vocabulary.reviewTexts),
      date: `2024-${twoDigits(1 + random.below(12))}-${twoDigits(1 + random.below(28))}`,
    }
  })
}

function average(numbers) {
  const sum = numbers.reduce((total, number) => total + number, 0)
  return Math.round((10 * sum) / numbers.length) / 10
}

function twoDigits(number) {
  return String(number).padStart(2, '0')
}

/** What a list shows of a product. */
function summaryOf({ id, name, category, priceCents, rating, reviewCount, tags }) {
  return { id, name, category, priceCents, rating, reviewCount, tags }
}

module.exports = { createProducts, summaryOf, productCount }
