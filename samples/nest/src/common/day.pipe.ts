import { BadRequestException, Injectable, type PipeTransform } from '@nestjs/common'

const dayMs = 24 * 60 * 60 * 1000

/** `2024-03-01` as a number of days since 1970; a 400 for anything else. */
@Injectable()
export class DayPipe implements PipeTransform<string | undefined, number> {
  transform(value = '2024-06-01'): number {
    const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : NaN
    if (Number.isNaN(time)) throw new BadRequestException(`${value} is not a day: 2024-03-01`)
    return time / dayMs
  }
}

export function formatDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}
