import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parsePage } from './page.js'
import { renderPage } from './template.js'

/** Writes a page for each source, with links to all others; resolves to how many pages and words there are. */
export async function buildSite(sources, out) {
  const pages = await Promise.all(
    sources.map(async (source) => parsePage(source, await readFile(source, 'utf8'))),
  )
  checkLinks(pages)
  const links = pages.map(({ file, title }) => ({ file, title }))
  if (out !== undefined) await mkdir(out, { recursive: true })
  for (const page of pages) {
    const html = renderPage({ ...page, links })
    if (out !== undefined) await writeFile(path.join(out, page.file), html)
  }
  return { pages: pages.length, words: pages.reduce((sum, { words }) => sum + words, 0) }
}

function checkLinks(pages) {
  const files = new Set(pages.map(({ file }) => file))
  for (const { source, targets } of pages) {
    const dead = targets.find((target) => target.endsWith('.html') && !files.has(target))
    if (dead !== undefined) throw new Error(`${source} links to ${dead}, which is no page`)
  }
}
