import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { Router } from 'express'
import MarkdownIt from 'markdown-it'
import { HttpError } from '../http-error.js'
import { renderTemplate } from 'prewarm-sample-shop/views/render-template.js'

const content = new URL('content/', import.meta.resolve('prewarm-sample-shop/package.json'))
const markdown = new MarkdownIt({ linkify: true, typographer: true })

export function helpPages(catalogue) {
  const slugs = readdirSync(content).map((file) => path.basename(file, '.md'))
  const router = Router()

  router.get('/:slug', async (req, res) => {
    const { slug } = req.params
    if (!slugs.includes(slug)) throw new HttpError(404, `No help page ${slug}`)
    // Read and rendered each time, so that an edited page shows at once.
    const text = await readFile(new URL(`${slug}.md`, content), 'utf8')
    const html = markdown.render(text)
    const categories = await catalogue.categories()
    res.send(renderTemplate('help', { title: `Help: ${slug}`, categories, slugs, html }))
  })

  return router
}
