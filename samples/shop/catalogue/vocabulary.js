'use strict'

const categories = [
  {
    slug: 'lighting',
    name: 'Lighting',
    nouns: ['Desk Lamp', 'Floor Lamp', 'Pendant', 'Wall Light', 'Lantern', 'Reading Light'],
    materials: ['Copper', 'Brass', 'Linen', 'Opal Glass', 'Steel', 'Bamboo'],
  },
  {
    slug: 'kitchen',
    name: 'Kitchen',
    nouns: ['Saucepan', 'Kettle', 'Cutting Board', 'Mixing Bowl', 'Teapot', 'Skillet'],
    materials: ['Copper', 'Cast Iron', 'Steel', 'Walnut', 'Stoneware', 'Enamel'],
  },
  {
    slug: 'furniture',
    name: 'Furniture',
    nouns: ['Armchair', 'Bookcase', 'Side Table', 'Bench', 'Stool', 'Dining Table'],
    materials: ['Oak', 'Walnut', 'Ash', 'Rattan', 'Steel', 'Leather'],
  },
  {
    slug: 'textiles',
    name: 'Textiles',
    nouns: ['Blanket', 'Cushion', 'Rug', 'Curtain', 'Bedspread', 'Table Runner'],
    materials: ['Linen', 'Wool', 'Cotton', 'Velvet', 'Jute', 'Cashmere'],
  },
  {
    slug: 'garden',
    name: 'Garden',
    nouns: ['Planter', 'Watering Can', 'Bird Bath', 'Fire Bowl', 'Trowel', 'Deck Chair'],
    materials: ['Terracotta', 'Zinc', 'Teak', 'Cast Iron', 'Copper', 'Canvas'],
  },
  {
    slug: 'bathroom',
    name: 'Bathroom',
    nouns: ['Towel Rail', 'Mirror', 'Soap Dish', 'Bath Mat', 'Shelf', 'Laundry Basket'],
    materials: ['Brass', 'Bamboo', 'Cotton', 'Marble', 'Steel', 'Cork'],
  },
  {
    slug: 'office',
    name: 'Office',
    nouns: ['Notebook', 'Pen Tray', 'Desk Organiser', 'Paperweight', 'Monitor Stand', 'Bookend'],
    materials: ['Leather', 'Walnut', 'Brass', 'Cork', 'Marble', 'Felt'],
  },
  {
    slug: 'storage',
    name: 'Storage',
    nouns: ['Basket', 'Trunk', 'Hook Rail', 'Jar', 'Drawer Box', 'Magazine Rack'],
    materials: ['Rattan', 'Oak', 'Felt', 'Glass', 'Zinc', 'Canvas'],
  },
]

const styles = ['Nordic', 'Rustic', 'Classic', 'Modern', 'Coastal', 'Studio', 'Heritage', 'Compact']

const features = ['handmade', 'recycled', 'waterproof', 'foldable', 'stackable', 'repairable']

const colours = ['#b5651d', '#2f4f4f', '#c9b79c', '#6b8e23', '#8b3a3a', '#4a6fa5', '#d8c3a5']

const places = ['hallway', 'balcony', 'guest room', 'kitchen', 'studio', 'terrace', 'attic']

/** Sentences of a description; each is given the product and one of `places`. */
const sentences = [
  [
    (product) => `The ${product.name} is made to be used every day and to age well.`,
    (product) => `A ${product.feature} piece in ${product.material} that looks at home anywhere.`,
    (product) => `We have sold the ${product.name} since we opened, and still own our first one.`,
  ],
  [
    (product, place) => `It was designed for a small ${place} where every centimetre counts.`,
    (product, place) => `In the ${place} it replaces two pieces that never quite matched.`,
    (product, place) => `Customers keep it in the ${place}, although it travels easily.`,
  ],
  [
    (product) => `The ${product.material} is cut, finished and checked in one workshop.`,
    (product) => `All parts are ${product.feature}, and spare parts are kept for ten years.`,
    (product) => `Its ${product.style} lines hide solid joints that can be tightened by hand.`,
  ],
  [
    () => 'Wipe it with a dry cloth; avoid harsh cleaners and direct heat.',
    () => 'A little oil once a year keeps the surface as it was on the first day.',
    () => 'It arrives assembled, in cardboard without any plastic.',
  ],
]

const authors = ['Ada', 'Bela', 'Chidi', 'Dora', 'Emre', 'Farah', 'Goran', 'Hana', 'Ines', 'Jonas']

const reviewTitles = {
  5: ['Better than expected', 'Love it', 'Worth every cent'],
  4: ['Very good', 'Solid and pretty', 'Nearly perfect'],
  3: ['Does the job', 'Decent', 'As described'],
  2: ['Not for me', 'Smaller than I thought', 'Could be sturdier'],
}

const reviewTexts = [
  'It came well packed and two days early. The finish is even & the edges are smooth.',
  'We use it daily in the kitchen. After three months it still looks new.',
  'The colour is a little warmer than on the picture, which suits our room.',
  'My sister has the same one; hers is "older and better", she says. I am happy with mine.',
  'Assembly took five minutes. One screw was missing, support sent it the next day.',
  'Heavier than it looks, so it stays where you put it. I would buy it again.',
]

module.exports = {
  categories,
  styles,
  features,
  colours,
  places,
  sentences,
  authors,
  reviewTitles,
  reviewTexts,
}
