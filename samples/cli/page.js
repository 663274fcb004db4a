import path from 'node:path'
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt({ linkify: true, typographer: true })

/** A Markdown file as what its page shows. */
export function parsePage(source, text) {
  const tokens = markdown.parse(text, {})
  const inline = tokens.flatMap(({ children }) => children ?? [])
  const heading = tokens.findIndex(({ type }) => type === 'heading_open')
  return {
    source,
    file: `${path.basename(source, '.md')}.html`,
    title: tokens[heading + 1]?.content ?? path.basename(source),
    html: markdown.renderer.render(tokens, markdown.options, {}),
    words: inline.reduce(
      (sum, { content }) => sum + content.split(/\s+/).filter(Boolean).length,
      0,
    ),
    targets: inline.flatMap((token) => token.attrGet('href') ?? []),
  }
}
