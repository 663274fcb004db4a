'use strict'

const { Router } = require('express')
const { parseSearch } = require('../search-input')
const { findProduct } = require('./find-product')

function productsApi(catalogue) {
  const router = Router()

  router.get('/', async (req, res) => {
    res.json(await catalogue.search(parseSearch(req.query)))
  })

  router.get('/:id', async (req, res) => {
    res.json(await findProduct(catalogue, req.params.id))
  })

  return router
}

module.exports = { productsApi }
