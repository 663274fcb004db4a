import { Router } from 'express'
import { renderProductPage } from 'prewarm-sample-shop/views/product-page.js'
import { findProduct } from './find-product.js'

export function productPages(catalogue) {
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
    const { createDatasheet } = (await import('prewarm-sample-shop/views/datasheet.js')).default
    res.type('pdf')
    createDatasheet(product).pipe(res)
  })

  return router
}
