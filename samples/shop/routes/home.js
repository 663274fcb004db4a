'use strict'

const { Router } = require('express')
const { renderTemplate } = require('../views/render-template')

function homePage(catalogue) {
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

module.exports = { homePage }
