import { once } from 'node:events';
import { chatwootIdentity } from '@chatwoot-identity/koa';
import type Koa from 'koa';
import type { Context } from 'koa';
import mountAt from 'koa-mount';
import type { SeenRequest, StartApp } from './table.js';

/** Returns a function that starts the apps of the table with this version of Koa. */
export function koaApp(version: typeof Koa): StartApp {
  return async ({ inbox, contact, mount = '/', trustProxy = false, page = 'the app', ...options }) => {
    const app = new version({ env: 'production', proxy: trustProxy });
    const identity = chatwootIdentity({
      ...options,
      inbox: typeof inbox === 'function' ? (ctx) => inbox(seen(ctx)) : inbox,
      contact: (ctx) => contact(seen(ctx)),
    });
    for (const path of [mount].flat()) app.use(mountAt(path, identity));
    app.use((ctx) => {
      ctx.body = page;
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
}

function seen(ctx: Context): SeenRequest {
  return {
    header: (name) => ctx.get(name) || undefined,
    hostname: ctx.hostname,
    path: new URL(ctx.originalUrl, 'http://localhost').pathname,
  };
}
