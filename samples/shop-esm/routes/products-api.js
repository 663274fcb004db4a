import { Router } from 'express'
import { parseSearch } from '../search-input.js'
import { findProduct } from './find-product.js'

export function productsApi(catalogue) {
  const router = Router()

  router.get('/', async (req, res) => {
    res.json(await catalogue.search(parseSearch(req.query)))
  })

  router.get('/:id', async (req, res) => {
    res.json(await findProduct(catalogue, req.params.id))
  })

  return router
}
