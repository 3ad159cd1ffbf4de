import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { NODES, STACK_NAMES, STACKS } from './matrix.js';
import { runWith } from './program.js';
import { entries } from './tarballs.js';
import { compile } from './typescript.js';

const nodes = inject('nodes');
const stacks = inject('stacks');
// The entries for Next.js are excluded, because next.matrix.ts builds apps with them.
const libraries = inject('tarballs').flatMap((tarball) =>
  tarball.name.endsWith('/next') ? [] : entries(tarball),
);

/** Entries that contain only types. */
const TYPES_ONLY = new Set(['@chatwoot-identity/core/wire', '@chatwoot-identity/browser/global']);

/** The expected output of every program in consumer/. */
const STORY = {
  anonymous: 401,
  endpoint: 200,
  caching: 'private, no-store',
  identity: {
    identifier: 'user-1',
    identifier_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    name: 'Ada Lovelace',
    email: 'ada@example.com',
  },
  accepted: 200,
  forged: 401,
  verified: ['user-1', false],
  page: { status: 200, caching: null },
  chatInPage: true,
  hashInPage: false,
  script: 200,
  ended: 401,
};

describe.each(STACK_NAMES)('a project with the %s versions', (stack) => {
  const folder = stacks[stack];
  const { express, koa } = STACKS[stack].dependencies;

  describe.each([
    ['module', 'import'],
    ['commonjs', 'require()'],
  ])('%s', (format, verb) => {
    beforeAll(async () => {
      expect(await compile(join(folder, format), { outDir: 'dist' })).toEqual([]);
    });

    describe.each(NODES)('Node %s', (version) => {
      it.each(['express', 'koa', 'fetch', 'jwt'])(
        `%s, express ${express}, koa ${koa}: ${verb}`,
        async (program) => {
          const output = await runWith(nodes[version]!, folder, [
            'node',
            join(format, 'dist', `${program}.js`),
          ]);
          const { expired, ...story } = JSON.parse(output);
          expect(story).toEqual(STORY);
          if (program !== 'jwt') expect(expired).toEqual(expect.arrayContaining(['cw_conversation']));
        },
      );
    });
  });

  it.each(NODES)(
    'Node %s: import and require() return the same exports from every entry',
    async (version) => {
      const found = await runWith(nodes[version]!, folder, ['node', '--eval', LOAD, ...libraries]);
      for (const { entry, imported, required } of JSON.parse(found)) {
        expect(imported.length > 0, entry).toBe(!TYPES_ONLY.has(entry));
        expect(required, entry).toEqual(imported);
      }
    },
  );
});

it.each(NODES)(
  "Node %s: the ES module and CommonJS copies of an error class recognise each other's errors",
  async (version) => {
    expect(await runWith(nodes[version]!, stacks.newest, ['node', '--eval', THROW])).toBe(
      'true true true true\n',
    );
  },
);

it('an app that mounts the ES module and CommonJS copies of the Express adapter gets one chat and one logout', async () => {
  const output = await runWith(nodes[NODES[0]]!, stacks.newest, ['node', '--eval', MOUNT]);
  expect(JSON.parse(output)).toEqual({ chats: 1, afterLogout: 401 });
});

const MOUNT = `(async () => {
  const express = require('express');
  const required = require('@chatwoot-identity/express');
  const imported = await import('@chatwoot-identity/express');
  const inbox = { hmacToken: 'a'.repeat(24), websiteToken: 'b'.repeat(24), baseUrl: 'https://chat.example.com' };
  const contact = () => ({ identifier: 'user-1' });
  const app = express();
  app.use(required.chatwootIdentity({ inbox, contact, inject: true }));
  app.use(imported.chatwootIdentity({ inbox, contact, inject: true }));
  app.get('/', (req, res) => res.send('<!doctype html><body></body>'));
  // The ES module copy handles the logout, and the CommonJS copy responds to the same request.
  app.use('/logout', (req, res, next) => { imported.chatwootLogout(res); next(); });
  app.use('/logout', required.chatwootIdentity({ inbox, contact }));
  const server = app.listen(0, '127.0.0.1', async () => {
    const url = 'http://127.0.0.1:' + server.address().port;
    const page = await (await fetch(url)).text();
    const { status } = await fetch(url + '/logout/chatwoot/identity');
    console.log(JSON.stringify({ chats: page.split('id="chatwoot-identity"').length - 1, afterLogout: status }));
    server.close();
  });
})()`;

const THROW = `(async () => {
  const recognised = (one, other) => new one('code', 'message') instanceof other;
  const core = [await import('@chatwoot-identity/core'), require('@chatwoot-identity/core')];
  const jwt = [await import('@chatwoot-identity/jwt'), require('@chatwoot-identity/jwt')];
  const [imported, required] = core.map((module) => module.ChatwootIdentityError);
  const [importedJwt, requiredJwt] = jwt.map((module) => module.JwtSessionError);
  if (imported === required || importedJwt === requiredJwt) throw new Error('import and require() returned the same copy.');
  console.log(
    recognised(imported, required), recognised(required, imported),
    recognised(importedJwt, requiredJwt), recognised(requiredJwt, importedJwt),
  );
})()`;

const LOAD = `(async () => {
  const names = (module) => Object.keys(module).filter((name) => name !== 'module.exports').sort();
  const load = async (entry) => ({ entry, imported: names(await import(entry)), required: names(require(entry)) });
  console.log(JSON.stringify(await Promise.all(process.argv.slice(1).map(load))));
})()`;

it('a bundler makes one script of the browser package, without code for Node', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export * from '@chatwoot-identity/browser'", resolveDir: stacks.newest },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  expect(outputFiles[0]!.text).not.toMatch(/\brequire\(|\bprocess\.|\bimport\b/);
});
