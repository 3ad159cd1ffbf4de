import http from 'node:http';
import { type ChatwootIdentityOptions, chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import { chatwootIdentity as koaIdentity, chatwootLogout as koaLogout } from '@chatwoot-identity/koa';
import express5 from 'express';
import express4 from 'express4';
import koa3 from 'koa';
import koa2 from 'koa2';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';

/** A request as both frameworks' `contact` and `inbox` receive it. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** A response of the app, in terms that every framework has. */
export interface Answered {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** The options, the same for both frameworks, and the app behind and around the middleware. */
export interface AppOptions {
  inject?: ChatwootIdentityOptions['inject'];
  inbox?: typeof INBOX | ((request: Asked) => unknown);
  contact?: (request: Asked) => unknown;
  onError?: (error: unknown) => void;
  /** Headers that middleware mounted outside ours sets for the whole app. */
  outside?: Record<string, string>;
  respond: (request: Asked, logOut: () => void) => Answered | Promise<Answered>;
  /** Receives the error that the framework's error handler receives. */
  handled?: (error: unknown) => void;
}

/** Starts nothing: the server of an app with the middleware mounted at the root. */
export type BuildApp = (options: AppOptions) => http.Server;

function expressApp(express: typeof express5): BuildApp {
  return ({ outside = {}, respond, handled, ...options }) => {
    const app = express();
    app.set('env', 'test'); // Express logs errors in every other environment
    app.use((_req, res, next) => {
      res.set(outside);
      next();
    });
    app.use(chatwootIdentity({ inbox: INBOX, contact: () => ADA, ...options } as ChatwootIdentityOptions));
    app.use(async (req, res) => {
      const { status = 200, headers = {}, body } = await respond(req, () => chatwootLogout(res));
      res.status(status).set({ 'content-type': 'text/html; charset=utf-8', ...headers });
      if (body === undefined) res.end();
      else res.send(body);
    });
    app.use(((error, _req, _res, next) => {
      handled?.(error);
      next(error);
    }) as express5.ErrorRequestHandler);
    return http.createServer(app);
  };
}

function koaApp(Koa: typeof koa3): BuildApp {
  return ({ outside = {}, respond, handled = () => {}, ...options }) => {
    const app = new Koa();
    app.on('error', handled);
    app.use((ctx, next) => {
      ctx.set(outside);
      return next();
    });
    app.use(koaIdentity({ inbox: INBOX, contact: () => ADA, ...options } as never));
    app.use(async (ctx) => {
      const { status = 200, headers = {}, body } = await respond(ctx as Asked, () => koaLogout(ctx));
      ctx.set({ 'content-type': 'text/html; charset=utf-8', ...headers });
      if (body !== undefined) ctx.body = body;
      ctx.status = status;
      // What koa-conditional-get does.
      if (ctx.fresh) ctx.status = 304;
    });
    return http.createServer(app.callback());
  };
}

/** The four frameworks that the adapters of Node promise. */
export const FRAMEWORKS: readonly [name: string, build: BuildApp][] = [
  ['Express 5', expressApp(express5)],
  ['Express 4', expressApp(express4 as unknown as typeof express5)],
  ['Koa 3', koaApp(koa3)],
  ['Koa 2', koaApp(koa2 as unknown as typeof koa3)],
];
