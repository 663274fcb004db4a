import { Module } from '@nestjs/common'
import { APP_INTERCEPTOR } from '@nestjs/core'
import { BooksModule } from './books/books.module.js'
import { EnvelopeInterceptor } from './common/envelope.interceptor.js'
import { HealthController } from './common/health.controller.js'
import { LoansModule } from './loans/loans.module.js'

@Module({
  imports: [BooksModule, LoansModule],
  controllers: [HealthController],
  providers: [{ provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor }],
})
export class AppModule {}
