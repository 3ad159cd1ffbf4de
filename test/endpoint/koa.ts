import { once } from 'node:events';
import { chatwootIdentity } from '@chatwoot-identity/koa';
import type Koa from 'koa';
import type { Context } from 'koa';
import mountAt from 'koa-mount';
import type { Seen, StartApp } from './table.js';

/** Starts the table's apps on the given version of Koa. */
export function koaApp(version: typeof Koa): StartApp {
  return async ({ inbox, contact, mount = '/', trustProxy = false, ...options }) => {
    const app = new version({ env: 'production', proxy: trustProxy });
    const identity = chatwootIdentity({
      ...options,
      inbox: typeof inbox === 'function' ? (ctx) => inbox(seen(ctx)) : inbox,
      contact: (ctx) => contact(seen(ctx)),
    });
    app.use(mountAt(mount, identity));
    app.use((ctx) => {
      ctx.body = 'the app';
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
}

function seen(ctx: Context): Seen {
  return { header: (name) => ctx.get(name) || undefined, hostname: ctx.hostname };
}
