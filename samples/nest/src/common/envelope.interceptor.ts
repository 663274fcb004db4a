import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common'
import { map, type Observable } from 'rxjs'

export interface Envelope {
  readonly data: unknown
  /** Of a list. */
  readonly count?: number
}

/** Every answer under `data`, lists with their length. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor<unknown, Envelope> {
  intercept(_context: ExecutionContext, next: CallHandler<unknown>): Observable<Envelope> {
    return next.handle().pipe(map(envelopeOf))
  }
}

function envelopeOf(data: unknown): Envelope {
  return Array.isArray(data) ? { data, count: data.length } : { data }
}
