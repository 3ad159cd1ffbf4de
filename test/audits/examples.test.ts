import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { endpointAudits, pageAudits } from '@chatwoot-identity/diagnostics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp as expressApp } from '../../examples/express/app.js';
import { createApp as koaApp } from '../../examples/koa/app.js';
import { INBOX } from '../support/inbox.js';

const { hmacToken } = INBOX;

describe.each([
  ['Express', expressApp],
  ['Koa', koaApp],
])('the %s example', (_name, createApp) => {
  const server = createApp({ inbox: INBOX }).listen(0, '127.0.0.1');
  let url: string;
  let cookie: string;

  beforeAll(async () => {
    if (!server.listening) await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const body = new URLSearchParams({ user: 'user-1' });
    const response = await fetch(`${url}/login`, { method: 'POST', body, redirect: 'manual' });
    cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
  });

  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const target = () => ({ session: { cookie }, hmacToken });
  const ids = (audits: { id: string }[]) => audits.map(({ id }) => id);

  test.each(ids(pageAudits({ url: 'http://x', hmacToken })))('has a page that passes %s', async (id) => {
    const audit = pageAudits({ url, ...target() }).find((audit) => audit.id === id);
    await expect(audit!.run()).resolves.toBeUndefined();
  });

  test.each(ids(endpointAudits({ url: 'http://x', session: {}, hmacToken })))(
    'has an endpoint that passes %s',
    async (id) => {
      const audits = endpointAudits({ url: `${url}/chatwoot/identity`, ...target() });
      await expect(audits.find((audit) => audit.id === id)!.run()).resolves.toBeUndefined();
    },
  );
});
