import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common'

interface Asked {
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Lets in whom the gateway in front has found to be a librarian. */
@Injectable()
export class LibrarianGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    return context.switchToHttp().getRequest<Asked>().headers['x-role'] === 'librarian'
  }
}
