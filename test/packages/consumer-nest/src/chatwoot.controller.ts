import { createChatwootIdentity } from '@chatwoot-identity/core';
import { Controller, Get, Req, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { type AuthenticatedRequest, BearerGuard } from './bearer.guard';
import { inbox } from './inbox';

/**
 * Serves the identity of the user whom a guard has authenticated. The middleware cannot serve this identity,
 * because guards run after middleware.
 */
@Controller('guarded')
@UseGuards(BearerGuard)
export class ChatwootController {
  private readonly chatwoot = createChatwootIdentity({ inbox });

  @Get('identity')
  async identity(@Req() req: AuthenticatedRequest, @Res() res: Response) {
    const { id, name } = req.user;
    const { status, headers, body } = await this.chatwoot.respond(req, { identifier: id, name });
    res.writeHead(status, headers).end(body);
  }
}
