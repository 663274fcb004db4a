'use strict'

const { createElement: h } = require('react')
const { renderToString } = require('react-dom/server')
const { formatPrice, formatStars } = require('./format')

function ProductPage({ product, categories, related }) {
  return h(
    'html',
    { lang: 'en' },
    h(
      'head',
      null,
      h('meta', { charSet: 'utf-8' }),
      h('title', null, `${product.name} - Shop`),
      h('link', { rel: 'stylesheet', href: '/assets/style.css' }),
    ),
    h(
      'body',
      null,
      h(Header, { categories, current: product.category }),
      h(
        'main',
        null,
        h('h1', null, product.name),
        h(Gallery, { name: product.name, colours: product.colours }),
        h(Offer, { product }),
        h('p', null, product.description),
        h(Specs, { specs: product.specs }),
        h(Reviews, { rating: product.rating, reviews: product.reviews }),
        h(Related, { products: related }),
      ),
    ),
  )
}

function Header({ categories, current }) {
  const links = categories.map(({ slug, name }) =>
    h(
      'a',
      {
        key: slug,
        href: `/api/products?category=${slug}`,
        'aria-current': slug === current ? 'true' : undefined,
      },
      name,
    ),
  )
  return h(
    'header',
    null,
    h('a', { className: 'brand', href: '/' }, 'Shop'),
    h('nav', null, links, h('a', { href: '/help/shipping' }, 'Help')),
  )
}

function Gallery({ name, colours }) {
  const pictures = colours.map((colour, index) =>
    h(
      'svg',
      {
        key: colour,
        viewBox: '0 0 60 60',
        role: 'img',
        'aria-label': `${name}, view ${index + 1}`,
      },
      h('rect', { width: 60, height: 60, fill: colour }),
      h('circle', { cx: 30, cy: 30, r: 12 + 4 * index, fill: '#ffffff', opacity: 0.4 }),
    ),
  )
  return h('section', { className: 'gallery' }, pictures)
}

function Offer({ product }) {
  const inStock = product.stockCount > 0
  return h(
    'section',
    { className: 'offer' },
    h('strong', { className: 'price' }, formatPrice(product.priceCents)),
    h(
      'span',
      { style: { color: inStock ? 'green' : 'darkred', marginLeft: 8 } },
      inStock ? `${product.stockCount} in stock` : 'Sold out',
    ),
    h(
      'ul',
      { className: 'tags' },
      product.tags.map((tag) => h('li', { key: tag }, tag)),
    ),
    h('a', { href: `/products/${product.id}/datasheet.pdf` }, 'Datasheet (PDF)'),
  )
}

function Specs({ specs }) {
  const rows = specs.map(({ name, value }) =>
    h('tr', { key: name }, h('th', { scope: 'row' }, name), h('td', null, value)),
  )
  return h('table', null, h('tbody', null, rows))
}

function Reviews({ rating, reviews }) {
  return h(
    'section',
    { className: 'reviews' },
    h('h2', null, `${reviews.length} reviews`),
    h(Rating, { value: rating }),
    reviews.map((review, index) => h(Review, { key: index, review })),
  )
}

function Review({ review }) {
  return h(
    'article',
    null,
    h('h3', null, review.title),
    h(Rating, { value: review.stars }),
    h('p', null, review.text),
    h('footer', null, review.author, ', ', h('time', { dateTime: review.date }, review.date)),
  )
}

function Rating({ value }) {
  return h('span', { className: 'rating', title: `${value} of 5` }, formatStars(value))
}

function Related({ products }) {
  const cards = products.map((product) =>
    h(
      'article',
      { key: product.id, className: 'card' },
      h('h3', null, h('a', { href: `/products/${product.id}` }, product.name)),
      h('p', { className: 'price' }, formatPrice(product.priceCents)),
      h(Rating, { value: product.rating }),
    ),
  )
  return h('section', { className: 'cards' }, h('h2', null, 'You may also like'), cards)
}

/** The page of one product as HTML. */
function renderProductPage(props) {
  return `<!doctype html>${renderToString(h(ProductPage, props))}`
}

module.exports = { renderProductPage }
