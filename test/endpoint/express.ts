import { once } from 'node:events';
import { chatwootIdentity } from '@chatwoot-identity/express';
import type express from 'express';
import type { Request } from 'express';
import type { SeenRequest, StartApp } from './table.js';

/** Returns a function that starts the apps of the table with this version of Express. */
export function expressApp(version: typeof express): StartApp {
  return async ({ inbox, contact, mount = '/', trustProxy = false, page = 'the app', ...options }) => {
    const app = version();
    app.set('env', 'production');
    app.set('trust proxy', trustProxy);
    app.use(version.json()); // creates req.body, which the middleware could read by mistake
    app.use(
      mount,
      chatwootIdentity({
        ...options,
        inbox: typeof inbox === 'function' ? (req) => inbox(seen(req)) : inbox,
        contact: (req) => contact(seen(req)),
      }),
    );
    app.use((_req, res) => {
      res.send(page);
    });
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
}

function seen(req: Request): SeenRequest {
  return { header: (name) => req.get(name), hostname: req.hostname, path: req.baseUrl + req.path };
}
