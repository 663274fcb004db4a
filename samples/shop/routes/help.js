'use strict'

const { readdirSync } = require('node:fs')
const { readFile } = require('node:fs/promises')
const path = require('node:path')
const { Router } = require('express')
const MarkdownIt = require('markdown-it')
const { HttpError } = require('../http-error')
const { renderTemplate } = require('../views/render-template')

const contentFolder = path.join(__dirname, '../content')
const markdown = new MarkdownIt({ linkify: true, typographer: true })

function helpPages(catalogue) {
  const slugs = readdirSync(contentFolder).map((file) => path.basename(file, '.md'))
  const router = Router()

  router.get('/:slug', async (req, res) => {
    const { slug } = req.params
    if (!slugs.includes(slug)) throw new HttpError(404, `No help page ${slug}`)
    // Read and rendered each time, so that an edited page shows at once.
    const text = await readFile(path.join(contentFolder, `${slug}.md`), 'utf8')
    const html = markdown.render(text)
    const categories = await catalogue.categories()
    res.send(renderTemplate('help', { title: `Help: ${slug}`, categories, slugs, html }))
  })

  return router
}

module.exports = { helpPages }
