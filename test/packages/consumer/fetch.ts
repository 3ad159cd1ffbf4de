import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/fetch';
import { getRequestListener } from '@hono/node-server';
import { signedIn, signIn, signOut } from './session.js';
import { printStory } from './story.js';

void printStory((inbox) => {
  const chatwoot = chatwootIdentity({
    inbox,
    contact: ({ headers }) => signedIn(headers.get('cookie') ?? undefined),
    inject: true,
  });
  function app(request: Request): Response {
    const { pathname } = new URL(request.url);
    if (pathname === '/') {
      const headers = { 'Content-Type': 'text/html; charset=utf-8' };
      return new Response('<!doctype html><title>Shop</title><h1>Welcome</h1>', { headers });
    }
    const headers = new Headers();
    if (pathname === '/login') headers.set('Set-Cookie', signIn());
    if (pathname === '/logout') {
      signOut();
      chatwootLogout(request, headers);
    }
    return new Response(null, { status: 204, headers });
  }
  return getRequestListener((request) => chatwoot(request, app));
});
