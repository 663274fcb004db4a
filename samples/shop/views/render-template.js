'use strict'

const { readdirSync, readFileSync } = require('node:fs')
const path = require('node:path')
const Handlebars = require('handlebars')
const { formatPrice, formatStars } = require('./format')

const handlebars = Handlebars.create()
handlebars.registerHelper('price', formatPrice)
handlebars.registerHelper('stars', formatStars)
for (const file of readdirSync(path.join(__dirname, 'partials'))) {
  handlebars.registerPartial(path.basename(file, '.html'), read('partials', file))
}

const compiled = new Map()

/** Renders `templates/<name>.html`, which is compiled when it is first needed. */
function renderTemplate(name, context) {
  if (!compiled.has(name)) compiled.set(name, handlebars.compile(read('templates', `${name}.html`)))
  return compiled.get(name)(context)
}

function read(folder, file) {
  return readFileSync(path.join(__dirname, folder, file), 'utf8')
}

module.exports = { renderTemplate }
