import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common'
import { subjects } from './book.js'

export interface BookSearch {
  readonly subject: string | undefined
  /** In lower case. */
  readonly words: readonly string[]
  /** First year. */
  readonly since: number
  readonly limit: number
}

/** What to search for, from a query string; a 400 that lists all that is wrong. */
@Injectable()
export class BookSearchPipe implements PipeTransform<Record<string, string>, BookSearch> {
  transform({ subject, q = '', since = '0', limit = '20' }: Record<string, string>): BookSearch {
    const wrong = [
      ...(subject === undefined || (subjects as readonly string[]).includes(subject)
        ? []
        : [`subject is one of ${subjects.join(', ')}`]),
      ...(/^\d{1,4}$/.test(since) ? [] : ['since is a year']),
      ...(/^[1-9]\d?$/.test(limit) ? [] : ['limit is a number from 1 to 99']),
    ]
    if (wrong.length > 0) throw new BadRequestException(wrong)
    return {
      subject,
      words: q.toLowerCase().split(/\W+/).filter(Boolean),
      since: Number(since),
      limit: Number(limit),
    }
  }
}
