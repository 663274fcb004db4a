import { subjects, type Book } from './book.js'

const openings = ['A Field Guide to', 'Notes on', 'The Quiet Art of', 'First Steps in', 'Beyond']
const topics: Readonly<Record<(typeof subjects)[number], readonly string[]>> = {
  astronomy: ['Double Stars', 'Winter Skies', 'Small Telescopes', 'Eclipses'],
  botany: ['Mosses', 'Hedgerows', 'Alpine Gardens', 'Seeds'],
  cartography: ['Coastlines', 'Projections', 'Town Plans', 'Contours'],
  music: ['Counterpoint', 'Slow Airs', 'Tuning', 'Village Bands'],
  pottery: ['Ash Glazes', 'Stoneware', 'Wheels', 'Wood Kilns'],
  sailing: ['Tides', 'Knots', 'Short Crossings', 'Rigging'],
}
const authors = [
  'R. Thorne',
  'M. Hale',
  'S. Winter',
  'C. Brook',
  'E. Marsh',
  'J. Lowell',
  'O. Pike',
]

export const bookCount = 360

/** What stands in the library: the same in every process. */
export function createShelf(): readonly Book[] {
  return Array.from({ length: bookCount }, (_, index): Book => {
    const subject = at(subjects, index)
    return {
      id: index + 1,
      title: `${at(openings, index * 7)} ${at(topics[subject], index >> 2)}`,
      author: at(authors, index * 5 + (index >> 3)),
      subject,
      year: 1950 + ((index * 31) % 74),
      pages: 80 + ((index * 137) % 520),
      copies: 1 + ((index * 11) % 4),
    }
  })
}

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T
}
