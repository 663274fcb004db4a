import { Injectable, NotFoundException } from '@nestjs/common'
import type { Book } from './book.js'
import type { BookSearch } from './book-search.pipe.js'
import { createShelf } from './shelf.js'

@Injectable()
export class BooksService {
  readonly #books = createShelf()

  search({ subject, words, since, limit }: BookSearch): readonly Book[] {
    return this.#books
      .filter((book) => subject === undefined || book.subject === subject)
      .filter(({ year }) => year >= since)
      .map((book) => ({ book, score: scoreOf(book, words) }))
      .filter(({ score }) => words.length === 0 || score > 0)
      .sort((a, b) => b.score - a.score || a.book.id - b.book.id)
      .slice(0, limit)
      .map(({ book }) => book)
  }

  find(id: number): Book {
    const book = this.#books[id - 1]
    if (book === undefined) throw new NotFoundException(`No book ${id}`)
    return book
  }

  /** Of the same author or subject, the nearest in time first. */
  related(id: number, limit: number): readonly Book[] {
    const book = this.find(id)
    const distance = (other: Book): number =>
      Math.abs(other.year - book.year) + (other.author === book.author ? 0 : 20)
    return this.#books
      .filter((other) => other !== book && other.subject === book.subject)
      .sort((a, b) => distance(a) - distance(b) || a.id - b.id)
      .slice(0, limit)
  }
}

function scoreOf({ title, author }: Book, words: readonly string[]): number {
  const text = `${title} ${author}`.toLowerCase().split(/\W+/)
  return words.filter((word) => text.some((each) => each.startsWith(word))).length
}
