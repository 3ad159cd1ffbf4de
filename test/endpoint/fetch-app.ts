import { chatwootIdentity } from '@chatwoot-identity/fetch';
import type { AppOptions, SeenRequest } from './table.js';

export type Handler = (request: Request) => Promise<Response>;

/** Creates an app for a row of the table, as a function of a web request. */
export function fetchApp({
  inbox,
  contact,
  mount = '/',
  trustProxy = false,
  page = 'the app',
  path = '/chatwoot/identity',
  ...options
}: AppOptions): Handler {
  const seen = (request: Request): SeenRequest => {
    const { hostname, pathname } = new URL(request.url);
    const forwarded = trustProxy ? request.headers.get('x-forwarded-host') : null;
    return {
      header: (name) => request.headers.get(name) ?? undefined,
      hostname: forwarded ?? hostname,
      path: pathname,
    };
  };
  const next = () => new Response(page, { headers: { 'content-type': 'text/html; charset=utf-8' } });
  // A web request has no mount path, so the `path` option contains the whole path.
  const handlers = [mount].flat().map((mount) => {
    const chatwoot = chatwootIdentity({
      ...options,
      path: `${mount.replace(/\/$/, '')}${path}`,
      inbox: typeof inbox === 'function' ? (request) => inbox(seen(request)) : inbox,
      contact: (request) => contact(seen(request)),
    });
    return (next: Handler): Handler =>
      (request) =>
        chatwoot(request, next);
  });
  return handlers.reduce<Handler>(
    (inner, handler) => handler(inner),
    async () => next(),
  );
}
