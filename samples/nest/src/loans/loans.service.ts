import { Injectable } from '@nestjs/common'
import type { Book } from '../books/book.js'
import { BooksService } from '../books/books.service.js'
import { formatDay } from '../common/day.pipe.js'

export interface Loan {
  readonly book: Pick<Book, 'id' | 'title'>
  readonly member: number
  readonly lentOn: string
  readonly dueOn: string
  readonly isOverdue: boolean
}

const loanDays = 28
/** So many books leave each day. */
const loansPerDay = 6
/** Longest time after which a book comes back. */
const latestDays = 40

/** Who has which book, calculated from the day: nothing is stored. */
@Injectable()
export class LoansService {
  constructor(private readonly books: BooksService) {}

  /** All books that are out on a day. */
  on(day: number): readonly Loan[] {
    return Array.from({ length: latestDays }, (_, age) => this.lentOn(day - age, day)).flat()
  }

  of(member: number, day: number): readonly Loan[] {
    return this.on(day).filter((loan) => loan.member === member)
  }

  private lentOn(lentDay: number, today: number): readonly Loan[] {
    return Array.from({ length: loansPerDay }, (_, index) => lentDay * loansPerDay + index)
      .filter((number) => today - lentDay < (number * 7919) % latestDays)
      .map((number): Loan => {
        const { id, title } = this.books.find(1 + ((number * 2557) % 360))
        return {
          book: { id, title },
          member: 1 + ((number * 4637) % 90),
          lentOn: formatDay(lentDay),
          dueOn: formatDay(lentDay + loanDays),
          isOverdue: today > lentDay + loanDays,
        }
      })
  }
}
