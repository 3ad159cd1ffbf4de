import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';

export interface AuthenticatedRequest extends Request {
  user: { id: string; name: string };
}

/** Replaces a guard such as AuthGuard('jwt') in this test. */
@Injectable()
export class BearerGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (request.headers.authorization !== 'Bearer of-ada') return false;
    request.user = { id: 'user-1', name: 'Ada Lovelace' };
    return true;
  }
}
