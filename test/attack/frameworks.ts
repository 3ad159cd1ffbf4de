import http from 'node:http';
import { type ChatwootIdentityOptions, chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import {
  type ChatwootIdentityOptions as FetchOptions,
  chatwootIdentity as fetchIdentity,
  chatwootLogout as fetchLogout,
} from '@chatwoot-identity/fetch';
import { chatwootIdentity as koaIdentity, chatwootLogout as koaLogout } from '@chatwoot-identity/koa';
import { createAdaptorServer } from '@hono/node-server';
import express5 from 'express';
import express4 from 'express4';
import koa3 from 'koa';
import koa2 from 'koa2';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';

/** The properties of a request that `contact` and `inbox` receive in every framework. */
export interface AppRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
}

/** A response of the app, independent of the framework. */
export interface AppResponse {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** The options of the middleware, and the handlers of the app that mounts the middleware. */
export interface AppOptions {
  inject?: ChatwootIdentityOptions['inject'];
  inbox?: typeof INBOX | ((request: AppRequest) => unknown);
  contact?: (request: AppRequest) => unknown;
  onError?: (error: unknown) => void;
  /** Headers that outer middleware sets on every response. */
  outside?: Record<string, string>;
  respond: (request: AppRequest, logOut: () => void) => AppResponse | Promise<AppResponse>;
  /** Receives each error that reaches the framework's error handler. */
  handled?: (error: unknown) => void;
}

/** Creates the server of an app with the middleware mounted at the root. The server does not listen yet. */
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
      const { status = 200, headers = {}, body } = await respond(ctx as AppRequest, () => koaLogout(ctx));
      ctx.set({ 'content-type': 'text/html; charset=utf-8', ...headers });
      if (body !== undefined) ctx.body = body;
      ctx.status = status;
      // Responds with 304 as koa-conditional-get does.
      if (ctx.fresh) ctx.status = 304;
    });
    return http.createServer(app.callback());
  };
}

/** Compares the validators of a request with those of a response, as an app that responds with 304 does. */
function isFresh(request: Request, headers: Headers): boolean {
  const tags = request.headers.get('if-none-match');
  const etag = headers.get('etag');
  const strong = (tag: string) => tag.replace(/^W\//, '');
  if (tags !== null) return tags === '*' || (etag !== null && tags.split(', ').map(strong).includes(etag));
  const date = headers.get('last-modified');
  return date !== null && request.headers.get('if-modified-since') === date;
}

const fetchApp: BuildApp = ({ outside = {}, respond, handled, onError = handled, ...options }) => {
  const chatwoot = fetchIdentity({
    inbox: INBOX,
    contact: () => ADA,
    ...options,
    ...(onError && { onError }),
  } as object as FetchOptions);

  async function app(request: Request): Promise<Response> {
    const logout = new Headers();
    const { pathname, search } = new URL(request.url);
    const asked = {
      method: request.method,
      url: pathname + search,
      headers: Object.fromEntries(request.headers),
    };
    const answer = await respond(asked, () => fetchLogout(request, logout));
    const headers = new Headers({
      ...outside,
      'content-type': 'text/html; charset=utf-8',
      ...answer.headers,
    });
    for (const cookie of logout.getSetCookie()) headers.append('set-cookie', cookie);
    const { status = 200, body = null } = answer;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && status === 200 && isFresh(request, headers))
      return new Response(null, { status: 304, headers });
    return new Response(body, { status, headers });
  }

  return createAdaptorServer({ fetch: (request) => chatwoot(request, app) }) as http.Server;
};

/** The four framework versions that the adapters for Node support. */
export const FRAMEWORKS: readonly [name: string, build: BuildApp][] = [
  ['Express 5', expressApp(express5)],
  ['Express 4', expressApp(express4 as unknown as typeof express5)],
  ['Koa 3', koaApp(koa3)],
  ['Koa 2', koaApp(koa2 as unknown as typeof koa3)],
];

/** The adapter for web requests, behind a Node server. */
export const FETCH: readonly [name: string, build: BuildApp] = ['Fetch, @hono/node-server', fetchApp];
