import { readFileSync } from 'node:fs'
import Handlebars from 'handlebars'
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt({ typographer: true })
const card = Handlebars.compile(readFileSync(new URL('card.hbs', import.meta.url), 'utf8'))

const themes = {
  light: { paper: '#fdfcf8', ink: '#222222', accent: '#b3541e' },
  dark: { paper: '#1c1f26', ink: '#e8e6e1', accent: '#7fb4ca' },
}
const maxLines = { title: 3, excerpt: 5 }
/** Of the size of the letters: what an average letter is wide. */
const letterWidth = 0.55

/** The preview card of an article, as SVG. Reads nothing but the job and changes nothing: only such work can be repeated at will. */
export function drawThumbnail({ title, body, author, tags, theme, width, height }) {
  const colours = themes[theme]
  if (colours === undefined) throw new Error(`no such theme: ${theme}`)
  const margin = Math.round(width / 16)
  const lines = (text, size, most) => wrap(text, (width - 2 * margin) / (size * letterWidth), most)
  const titleSize = Math.round(height / 10)
  const textSize = Math.round(height / 22)
  const titleLines = lines(title, titleSize, maxLines.title)
  let y = margin
  const place = (size) => (text) => ({ text, size, x: margin, y: (y += Math.round(size * 1.3)) })
  return card({
    width,
    height,
    colours,
    title: titleLines.map(place(titleSize)),
    excerpt: lines(excerptOf(body), textSize, maxLines.excerpt).map(place(textSize)),
    footer: {
      text: `${author.name} · ${tags.join(', ')}`,
      size: textSize,
      x: margin,
      y: height - margin,
    },
  })
}

/** The text of its paragraphs, without headings, code and formatting. */
function excerptOf(body) {
  let text = ''
  let isParagraph = false
  for (const token of markdown.parse(body, {})) {
    if (token.type === 'paragraph_open') isParagraph = true
    else if (token.type === 'paragraph_close') isParagraph = false
    else if (token.type === 'inline' && isParagraph) {
      for (const child of token.children) text += child.content
      text += ' '
    }
  }
  return text.trim()
}

/** Breaks between words; what does not fit into the last line is cut off with an ellipsis. */
function wrap(text, lettersPerLine, most) {
  const lines = ['']
  for (const word of text.split(' ')) {
    const last = lines.length - 1
    const longer = lines[last] === '' ? word : `${lines[last]} ${word}`
    if (longer.length <= lettersPerLine || lines[last] === '') lines[last] = longer
    else if (lines.length === most) {
      lines[last] = `${lines[last]}…`
      break
    } else lines.push(word)
  }
  return lines
}
