import { Module } from '@nestjs/common'
import { BooksModule } from '../books/books.module.js'
import { LoansController } from './loans.controller.js'
import { LoansService } from './loans.service.js'

@Module({ imports: [BooksModule], controllers: [LoansController], providers: [LoansService] })
export class LoansModule {}
