import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { connect, disconnect, refresh, toggle } from '@chatwoot-identity/browser';
import { identifierHash } from '@chatwoot-identity/core';
import { chatwootIdentity, chatwootLogout } from '@chatwoot-identity/express';
import { build } from 'esbuild';
import express, { type RequestHandler } from 'express';
import { afterEach, expect, test, vi } from 'vitest';
import { serving } from '../support/http.js';
import { codeBlocks, importCode } from './code-blocks.js';
import { root } from './references.js';

const document = 'docs/migrating-from-intercom.md';
const [before, after] = codeBlocks(document, 'js') as [string, string];
const user = { id: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' };
const key = 'wyHVRZzzJhjPMKR2h7LpeJVy';

afterEach(() => vi.unstubAllEnvs());

async function intercomSettings(): Promise<Record<string, string>> {
  vi.stubEnv('INTERCOM_SECRET', key);
  const module = await importCode<{ intercomSettings(of: typeof user): Record<string, string> }>(before);
  return module.intercomSettings(user);
}

test('Intercom and Chatwoot compute hashes with the same formula and different keys', async () => {
  expect(await intercomSettings()).toMatchObject({ user_hash: identifierHash(key, user.id) });
});

test('the new middleware signs the same id as the old lines for Intercom', async () => {
  const { user_id, user_hash } = await intercomSettings();
  vi.stubEnv('CHATWOOT_HMAC_TOKEN', key);
  vi.stubEnv('CHATWOOT_WEBSITE_TOKEN', 'website');
  vi.stubEnv('CHATWOOT_BASE_URL', 'https://chat.example.com');
  const { outputFiles } = await build({
    stdin: { contents: after, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const { chatwoot } = await importCode<{ chatwoot: RequestHandler }>(outputFiles[0]!.text);

  const app = express();
  app.use((req, _res, next) => {
    Object.assign(req, { session: { user } });
    next();
  });
  app.use(chatwoot);
  await serving(createServer(app), async (url) => {
    const identity = await (await fetch(`${url}/chatwoot/identity`)).json();
    expect(identity).toMatchObject({ identifier: user_id, identifier_hash: user_hash });
  });
});

test('the functions and settings in the table of docs/migrating-from-intercom.md exist', () => {
  const text = readFileSync(new URL(document, root), 'utf8');
  for (const { name } of [connect, refresh, disconnect, toggle, chatwootLogout])
    expect(text).toContain(`\`${name}(`);
  const settings = readFileSync(new URL('packages/core/src/wire.ts', root), 'utf8');
  const inbox = { hmacToken: key, websiteToken: 'website', baseUrl: 'https://chat.example.com' };
  for (const [, code] of text.matchAll(/`inject: (\{ (?:settings|anonymous).*?\})`/g)) {
    const inject = new Function(`return ${code}`)();
    expect(chatwootIdentity({ inbox, contact: () => null, inject })).toBeTypeOf('function');
    for (const name of Object.keys(inject.settings ?? {})) expect(settings).toContain(`  ${name}?:`);
  }
  const contact = readFileSync(new URL('packages/core/src/identity/contact.ts', root), 'utf8');
  for (const field of ['avatarUrl', 'phoneNumber', 'companyName', 'customAttributes']) {
    expect(text).toContain(`\`${field}\``);
    expect(contact).toContain(`${field}:`);
  }
});
