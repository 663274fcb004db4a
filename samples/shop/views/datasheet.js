'use strict'

const PDFDocument = require('pdfkit')
const { formatPrice } = require('./format')

// A fixed date: the same product gives the same file.
const createdOn = new Date('2024-01-01T00:00:00Z')

/** One A4 page about a product, as a readable stream. */
function createDatasheet(product) {
  const document = new PDFDocument({
    size: 'A4',
    margin: 56,
    info: { Title: product.name, Author: 'Shop', CreationDate: createdOn },
  })

  // One font only: each further one costs as much as everything else on the page.
  document.fontSize(22).text(product.name).fontSize(11)
  document.text(`Article ${product.id}, ${product.category}, ${formatPrice(product.priceCents)}`)
  document.moveDown().text(product.description).moveDown()
  for (const { name, value } of product.specs) document.text(`${name}: ${value}`)
  document.moveDown().text(`Rated ${product.rating} of 5 in ${product.reviewCount} reviews.`)
  document.end()
  return document
}

module.exports = { createDatasheet }
