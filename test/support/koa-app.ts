import http, { type Server } from 'node:http';
import { type ChatwootIdentityOptions, chatwootIdentity } from '@chatwoot-identity/koa';
import koa3, { type Middleware } from 'koa';
import koa2 from 'koa2';
import { ADA } from './ada.js';
import { type Answer, ask, serving } from './http.js';
import { INBOX } from './inbox.js';

export const versions = [
  ['Koa 3', koa3],
  ['Koa 2', koa2],
] as const;

/** Returns the middleware with the options of most tests. */
export function chat(options: Partial<ChatwootIdentityOptions> = {}): Middleware {
  return chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject: 'inline', ...options });
}

/** An app, its server, and the errors that the app has emitted. */
export interface App {
  app: koa3;
  server: Server;
  errors: Error[];
}

export function appOf(Koa: typeof koa3, ...middlewares: Middleware[]): App {
  const app = new Koa();
  const errors: Error[] = [];
  app.on('error', (error: Error) => errors.push(error));
  for (const middleware of middlewares) app.use(middleware);
  return { app, server: http.createServer(app.callback()), errors };
}

/** Sends one request to the app and returns the response. */
export function serve({ server }: App, path = '/', options?: Parameters<typeof ask>[1]): Promise<Answer> {
  return serving(server, (url) => ask(url + path, options));
}
