import http from 'node:http';
import { type ChatwootIdentityOptions, chatwootIdentity } from '@chatwoot-identity/express';
import express5, { type Express, type RequestHandler } from 'express';
import express4 from 'express4';
import { ADA } from './ada.js';
import { type Answer, ask, serving } from './http.js';
import { INBOX } from './inbox.js';

export const versions = [
  ['Express 5', express5],
  ['Express 4', express4 as unknown as typeof express5],
] as const;

/** Returns the middleware with the options of most tests. */
export function chat(options: Partial<ChatwootIdentityOptions> = {}): RequestHandler {
  return chatwootIdentity({ inbox: INBOX, contact: () => ADA, inject: 'inline', ...options });
}

export function appOf(express: typeof express5, ...handlers: RequestHandler[]): Express {
  const app = express();
  app.use(...handlers);
  return app;
}

/** Starts the app, sends one request, and returns the response. */
export function serve(app: Express, path = '/', options?: Parameters<typeof ask>[1]): Promise<Answer> {
  return serving(http.createServer(app), (url) => ask(url + path, options));
}
