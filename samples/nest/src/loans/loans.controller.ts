import { Controller, Get, Header, Param, ParseIntPipe, Query, UseGuards } from '@nestjs/common'
import { DayPipe } from '../common/day.pipe.js'
import { LibrarianGuard } from './librarian.guard.js'
import { LoansService, type Loan } from './loans.service.js'

@Controller()
export class LoansController {
  constructor(private readonly loans: LoansService) {}

  @Get('members/:member/loans')
  @Header('cache-control', 'private')
  of(
    @Param('member', ParseIntPipe) member: number,
    @Query('on', DayPipe) day: number,
  ): readonly Loan[] {
    return this.loans.of(member, day)
  }

  @Get('loans/overdue')
  @UseGuards(LibrarianGuard)
  overdue(@Query('on', DayPipe) day: number): readonly Loan[] {
    return this.loans.on(day).filter(({ isOverdue }) => isOverdue)
  }
}
