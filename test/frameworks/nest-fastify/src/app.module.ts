import { logoutCookies } from '@chatwoot-identity/core';
import { Controller, Get, Header, Module, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

@Controller()
class AppController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  index() {
    return '<!doctype html><title>Shop</title><h1>Welcome</h1>';
  }

  @Get('login')
  login(@Query('user') user: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    request.session.set('user', user);
    reply.redirect('/', 303);
  }

  @Post('logout')
  async logout(@Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    for (const cookie of logoutCookies(request, request.hostname)) reply.header('Set-Cookie', cookie);
    await request.session.destroy();
    reply.redirect('/', 303);
  }
}

@Module({ controllers: [AppController] })
export class AppModule {}
