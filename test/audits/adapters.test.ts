import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type EndpointAuditOptions, endpointAudits } from '@chatwoot-identity/diagnostics';
import express from 'express';
import express4 from 'express4';
import Koa from 'koa';
import Koa2 from 'koa2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expressApp } from '../endpoint/express.js';
import { koaApp } from '../endpoint/koa.js';
import { ADA } from '../support/ada.js';
import { INBOX } from '../support/inbox.js';

const session = { cookie: 'user=ada' };
const adapters = {
  'Express 5': expressApp(express),
  'Express 4': expressApp(express4),
  'Koa 3': koaApp(Koa),
  'Koa 2': koaApp(Koa2),
};

describe.each(Object.entries(adapters))('the endpoint of the %s adapter', (_name, startApp) => {
  const options: EndpointAuditOptions = { url: 'http://set.below', session, hmacToken: INBOX.hmacToken };
  let server: Awaited<ReturnType<typeof startApp>>;

  beforeAll(async () => {
    server = await startApp({
      inbox: INBOX,
      contact: ({ header }) => (header('cookie')?.includes('user=ada') ? ADA : null),
      onError: (error) => expect.unreachable(String(error)),
    });
    options.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chatwoot/identity`;
  });

  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  test.each(endpointAudits(options).map(({ id, name }) => ({ id, name })))(
    'passes the audit "$name"',
    async ({ id }) => {
      const audit = endpointAudits(options).find((audit) => audit.id === id);
      await expect(audit!.run()).resolves.toBeUndefined();
    },
  );
});
