import { Controller, Get, Header, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import 'express-session';

declare module 'express-session' {
  interface SessionData {
    user: { id: string; name: string };
  }
}

@Controller()
export class AppController {
  @Get()
  @Header('Content-Type', 'text/html')
  getPage() {
    return '<!doctype html><title>Shop</title><h1>Welcome</h1>';
  }

  @Post('login')
  @HttpCode(204)
  login(@Req() req: Request) {
    req.session.user = { id: 'user-1', name: 'Ada Lovelace' };
  }
}
