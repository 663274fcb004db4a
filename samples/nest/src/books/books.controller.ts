import { Controller, Get, Param, ParseIntPipe, Query } from '@nestjs/common'
import { BookSearchPipe, type BookSearch } from './book-search.pipe.js'
import type { Book } from './book.js'
import { BooksService } from './books.service.js'

const relatedCount = 5

@Controller('books')
export class BooksController {
  constructor(private readonly books: BooksService) {}

  @Get()
  search(@Query(BookSearchPipe) search: BookSearch): readonly Book[] {
    return this.books.search(search)
  }

  @Get(':id')
  find(@Param('id', ParseIntPipe) id: number): Book {
    return this.books.find(id)
  }

  @Get(':id/related')
  related(@Param('id', ParseIntPipe) id: number): readonly Book[] {
    return this.books.related(id, relatedCount)
  }
}
