'use strict'

const { Router } = require('express')
const { renderProductPage } = require('../views/product-page')
const { findProduct } = require('./find-product')

function productPages(catalogue) {
  const router = Router()

  router.get('/:id', async (req, res) => {
    const product = await findProduct(catalogue, req.params.id)
    const [categories, related] = await Promise.all([
      catalogue.categories(),
      catalogue.related(product.id, 6),
    ])
    res.send(renderProductPage({ product, categories, related }))
  })

  router.get('/:id/datasheet.pdf', async (req, res) => {
    const product = await findProduct(catalogue, req.params.id)
    // The PDF library is heavy and few people ask for a datasheet: it is loaded by the first who does.
    const { createDatasheet } = require('../views/datasheet')
    res.type('pdf')
    createDatasheet(product).pipe(res)
  })

  return router
}

module.exports = { productPages }
