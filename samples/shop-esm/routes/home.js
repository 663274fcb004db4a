import { Router } from 'express'
import { renderTemplate } from 'prewarm-sample-shop/views/render-template.js'

export function homePage(catalogue) {
  const router = Router()

  router.get('/', async (req, res) => {
    const [categories, featured] = await Promise.all([
      catalogue.categories(),
      catalogue.featured(12),
    ])
    res.send(renderTemplate('home', { title: 'Home', categories, featured }))
  })

  return router
}
