import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { createChatwootIdentity, identifierHash } from '@chatwoot-identity/core';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { ask as get } from '../support/http.js';
import { ada } from '../support/scene.js';
import { startSite } from '../support/site.js';
import { compileErrors } from './examples.js';

vi.spyOn(console, 'warn').mockImplementation(() => {}); // the sandbox prints a warning that it is for development

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const ADAPTERS = ['express', 'koa', 'fetch'].map((name) => `packages/${name}/README.md`);
const FILES = ['README.md', 'CONTRIBUTING.md', 'docs/deployment.md', 'packages/core/README.md', ...ADAPTERS];

const GUIDES = ['express', 'koa', 'nextjs', 'jwt', 'browser', 'sandbox'].map((name) => `docs/${name}.md`);

/** Returns the code blocks of a language in a file, in order. */
function blocks(file: string, language: string): string[] {
  const found = read(file).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'));
  return Array.from(found, (match) => match[1]!);
}

/** Returns the only code block of a language in a file. Fails unless there is exactly one. */
function block(file: string, language: string): string {
  const [only, ...more] = blocks(file, language);
  expect([only === undefined, more]).toEqual([false, []]);
  return only!;
}

/** Checks that the help of the command line lists the subcommand and the flags of a command. */
function knownToTheCommandLine(command: string): void {
  const [subcommand, ...words] = command.split(' ').slice(2);
  const bin = fileURLToPath(new URL('packages/cli/dist/bin.js', root));
  const help = execFileSync(process.execPath, [bin, subcommand!, '--help'], { encoding: 'utf8' });
  for (const flag of words.filter((word) => word.startsWith('--'))) expect(help).toContain(flag);
}

let sandbox: Sandbox;
const children: ChildProcess[] = [];

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill();
  await sandbox.close();
});

/**
 * Runs a module in a folder that resolves this workspace's packages. The environment of the module contains the
 * sandbox's tokens.
 */
function run(code: string, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--input-type=module'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: {
      ...process.env,
      PORT: '0',
      SESSION_SECRET: 'for the test only',
      CHATWOOT_BASE_URL: sandbox.baseUrl,
      CHATWOOT_WEBSITE_TOKEN: sandbox.websiteToken,
      CHATWOOT_HMAC_TOKEN: sandbox.hmacToken,
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  child.stdin.end(code);
  return child;
}

/** Changes a code block that ends with `listen(...)` so that the server prints its port. */
function announcing(code: string): string {
  const announced = code.replace(
    /\.listen\((.*)\);\s*$/,
    '.listen($1, function () { console.log(this.address().port); });',
  );
  expect(announced).not.toBe(code);
  return announced;
}

/** Returns the address of a server that prints its port. */
async function addressOf({ stdout }: { stdout: Readable }): Promise<string> {
  const [port] = await once(createInterface(stdout), 'line');
  return `http://localhost:${port}`;
}

/** Runs a code block that ends with `listen(...)`. Returns the address of its server. */
function serve(code: string, env?: Record<string, string>): Promise<string> {
  return addressOf(run(announcing(code), env));
}

/** Returns an app that contains the lines of README.md for Express, a session, a page and a login. */
const expressApp = ([chat, logout]: readonly string[]) => `
import express from 'express';
import session from 'express-session';
const app = express();
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
${chat}
app.get('/', (req, res) => {
  res.send('<!doctype html><title>Shop</title><h1>Welcome</h1>');
});
app.get('/login', (req, res) => {
  req.session.user = { id: 'user-1', name: 'Ada Lovelace' };
  res.redirect('/');
});
${logout}
app.listen(process.env.PORT);
`;

/** Returns an app that contains the lines of README.md for Koa, a session, a page and a login. */
const koaApp = (chat: string) => `
import { chatwootIdentity } from '@chatwoot-identity/koa';
import Koa from 'koa';
import session from 'koa-session';
const inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};
const app = new Koa();
app.keys = [process.env.SESSION_SECRET];
app.use(session(app));
${chat}
app.use((ctx) => {
  if (ctx.path === '/login') ctx.session.user = { id: 'user-1', name: 'Ada Lovelace' };
  ctx.body = '<!doctype html><title>Shop</title><h1>Welcome</h1>';
});
app.listen(process.env.PORT);
`;

describe('README.md', () => {
  const [chat, koa, logout, ...others] = blocks('README.md', 'js') as [string, string, string, ...string[]];

  it('has about 700 words', () => {
    expect(others).toEqual([]);
    expect(read('README.md').split(/\s+/).length).toBeLessThan(800);
  });

  it('shows code for Express that opens a verified chat and ends it on logout', async () => {
    const url = await serve(expressApp([chat, logout]));
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`${url}/login`);
      const event = await sandbox.until(({ type }) => type === 'set_user');
      expect(event).toMatchObject({ identifier: 'user-1', status: 200, verified: true });
      await page.evaluate(() => fetch('/logout', { method: 'POST', redirect: 'manual' }));
      const cookies = (await page.context().cookies()).map(({ name }) => name);
      expect(cookies).not.toContain('cw_conversation');
    } finally {
      await browser.close();
    }

    const status = async (init: RequestInit) => (await fetch(`${url}/chatwoot/identity`, init)).status;
    expect(await status({})).toBe(401);
    expect(await status({ method: 'POST' })).toBe(405);
    expect(await status({ headers: { 'Sec-Fetch-Site': 'cross-site' } })).toBe(403);
  });

  it('shows code for Koa that signs the user of the session', async () => {
    const url = await serve(koaApp(koa));
    const login = await fetch(`${url}/login`);
    expect(await login.text()).toContain('id="chatwoot-identity"');
    const cookie = login.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    expect(await (await fetch(`${url}/chatwoot/identity`, { headers: { cookie } })).json()).toMatchObject({
      identifier: 'user-1',
      identifier_hash: identifierHash(sandbox.hmacToken, 'user-1'),
    });
  });

  it('shows code for Next.js that is part of a tested file', () => {
    const [, path, code] = /<!-- from: (\S+) -->\n```ts\n(.*?)```/s.exec(read('README.md'))!;
    expect(read(path!)).toContain(code);
    expect(blocks('README.md', 'ts')).toHaveLength(1);
  });
});

describe('docs/getting-started.md', () => {
  it('shows the command that packs with the pinned pnpm', () => {
    const { packageManager } = JSON.parse(read('package.json'));
    expect(read('docs/getting-started.md')).toContain(`npx ${packageManager} -r pack`);
  });
});

describe('docs/endpoint.md', () => {
  const file = 'docs/endpoint.md';

  it('shows the JSON that the endpoint returns to a signed-in user', async () => {
    const example = JSON.parse(block(file, 'json'));
    // The token of Chatwoot's public test vector, chatwoot/chatwoot#4798.
    const inbox = { ...sandbox.inbox, hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy' };
    const { identifier_hash: _hash, ...contact } = example;
    expect(await createChatwootIdentity({ inbox }).identify(contact)).toEqual(example);
  });

  it('shows a single-page app whose chat follows login and logout', async () => {
    const code = block(file, 'js').replace(/^import (.*) from .*;$/m, 'const $1 = window.chat;');
    expect(code).toContain('window.chat');
    const site = await startSite(sandbox.inbox);
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.goto(`${site.url}/app`);
      const { baseUrl, websiteToken } = sandbox;
      const asks = `(async (baseUrl, websiteToken) => { ${code}; Object.assign(window, { signedIn, signedOut }) })`;
      await page.evaluate(`${asks}(${JSON.stringify(baseUrl)}, ${JSON.stringify(websiteToken)})`);
      site.user = ada;
      await page.evaluate('signedIn()');
      expect(await sandbox.until(({ type }) => type === 'set_user')).toMatchObject({
        identifier: ada.identifier,
        verified: true,
      });
      site.user = null;
      expect(await page.evaluate('signedOut().then(() => window.chat.status())')).toBe('anonymous');
    } finally {
      await browser.close();
      await site.close();
    }
  });
});

describe('packages/core/README.md', () => {
  it('shows code that prints the lines in its comments', async () => {
    const code = blocks('packages/core/README.md', 'js')[0]!;
    const printed: string[] = [];
    for await (const line of createInterface(run(code).stdout)) printed.push(line);
    expect(printed).toEqual(Array.from(code.matchAll(/; \/\/ (.*)$/gm), (match) => match[1]));
    expect(printed).toHaveLength(3);
  });

  it('shows a server that serves the identity', async () => {
    expect(blocks('packages/core/README.md', 'js')).toHaveLength(3);
    const url = await serve(blocks('packages/core/README.md', 'js')[1]!);
    expect((await fetch(url)).status).toBe(401);
    const answer = await fetch(url, { headers: { cookie: 'session=ada' } });
    expect(await answer.json()).toEqual({
      identifier: 'user-1',
      identifier_hash: identifierHash(sandbox.hmacToken, 'user-1'),
      name: 'Ada',
    });
  });
});

describe('docs/configuration.md', () => {
  const text = read('docs/configuration.md');
  /** Returns the rows of the table of a type's properties. */
  const rows = (type: string) => {
    const [, table] = new RegExp(`<!-- options: \\S+ ${type} -->(.*?)<!-- /options -->`, 's').exec(text)!;
    return Array.from(table!.matchAll(/^\| `(\w+)` +\| (.*)$/gm), ([, name, rest]) => ({
      name: name!,
      rest: rest!,
    }));
  };

  it.each([
    ['ChatwootIdentityOptions', 'packages/core/src/internal.ts'],
    ['InjectOptions', 'packages/core/src/page/inject-options.ts'],
  ])('lists the options that the code accepts in %s', (type, file) => {
    const known = /KNOWN = \[(.*)\]/.exec(read(file))![1]!;
    expect(rows(type).map(({ name }) => name)).toEqual(known.match(/\w+/g));
  });

  it('shows a webhook that trusts only verified contacts', async () => {
    const secret = 'wh-secret';
    const app = run(announcing(blocks('packages/core/README.md', 'js')[2]!), {
      CHATWOOT_WEBHOOK_SECRET: secret,
    });
    const lines = createInterface(app.stdout)[Symbol.asyncIterator]();
    const url = `http://localhost:${(await lines.next()).value}/chatwoot/webhook`;
    const forged = { 'X-Chatwoot-Timestamp': '1', 'X-Chatwoot-Signature': `sha256=${'0'.repeat(64)}` };
    const headers = { 'Content-Type': 'application/json', ...forged };
    expect((await fetch(url, { method: 'POST', body: '{}', headers })).status).toBe(401);

    const chatwoot = await startSandbox({ webhook: { url, secret } });
    try {
      const query = `?website_token=${chatwoot.websiteToken}`;
      const send = async (user: object, content: string) => {
        const page = await (await fetch(`${chatwoot.baseUrl}/widget${query}`)).text();
        const { authToken } = JSON.parse(/id="config">(.*?)<\/script>/.exec(page)![1]!);
        const request = (method: string, path: string, body: object) =>
          fetch(`${chatwoot.baseUrl}/api/v1/widget${path}${query}`, {
            method,
            headers: { 'X-Auth-Token': authToken, 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
          });
        await request('PATCH', '/contact/set_user', user);
        await request('POST', '/conversations', { message: { content } });
      };
      await send({ identifier: 'claimed', name: 'Eve' }, 'without a hash');
      const identifier_hash = identifierHash(chatwoot.hmacToken, 'user-1');
      await send({ identifier: 'user-1', identifier_hash, name: 'Ada' }, 'with a hash');
      expect((await lines.next()).value).toBe('Message from user-1');
    } finally {
      await chatwoot.close();
    }
  });

  it('lists every error code and no others', () => {
    const [, section] = /^### Error codes\n(.*?)^## /ms.exec(text)!;
    const listed = Array.from(section!.matchAll(/^\| `(\w+)` +\|/gm), (match) => match[1]);
    const declared = Array.from(
      read('packages/core/src/error.ts').matchAll(/^ {2}\| '(\w+)'/gm),
      (m) => m[1],
    );
    expect(listed.slice(1)).toEqual(declared); // the first row is the header
  });

  it('lists the fields of a contact that the code accepts', async () => {
    const { identify } = createChatwootIdentity({ inbox: sandbox.inbox });
    const source = /const FIELDS = \{(.*?)\}/s.exec(read('packages/core/src/identity/contact.ts'))![1]!;
    const fields = new Map(
      Array.from(source.matchAll(/(\w+): '(\w+)'/g), ([, ours, theirs]) => [ours!, theirs!]),
    );
    const [identifier, ...others] = rows('Contact');
    expect(identifier?.name).toBe('identifier');
    expect(others.map(({ name }) => name)).toEqual([...fields.keys()]);

    for (const { name, rest } of others) {
      const value = rest.includes('Record') ? { a: 'b' } : 'text';
      expect(await identify({ identifier: 'user-1', [name]: value })).toHaveProperty(
        [fields.get(name)!],
        value,
      );
      const without = await identify({ identifier: 'user-1', email: 'ada@example.com', [name]: null });
      expect(without).not.toHaveProperty([fields.get(name)!]);
      await expect(identify({ identifier: 'user-1', [name]: 1 })).rejects.toMatchObject({
        code: 'contact_invalid',
      });
    }
    expect(await identify({ identifier: 'user-1', city: 'London' })).toHaveProperty('name', 'user-1');
    await expect(identify({ identifier: 'user-1', ...{ plan: 'pro' } })).rejects.toMatchObject({
      code: 'contact_invalid',
    });
  });
});

/** The code that completes the lines of a README to an app. */
const AROUND = {
  express: {
    before: `
      import express from 'express';
      import session from 'express-session';
      const app = express();
      app.use(session({ secret: 'keyboard cat', resave: false, saveUninitialized: false }));`,
    after: `
      app.get('/', (req, res) => res.send('<!doctype html><title>Shop</title>'));
      app.get('/login', (req, res) => {
        req.session.user = { id: 'user-1', name: 'Ada Lovelace' };
        res.send('Welcome');
      });`,
  },
  koa: {
    before: `
      import Router from '@koa/router';
      import Koa from 'koa';
      import session from 'koa-session';
      const app = new Koa({ keys: ['keyboard cat'] });
      const router = new Router();
      app.use(session(app));`,
    after: `
      router.get('/', (ctx) => { ctx.body = '<!doctype html><title>Shop</title>'; });
      router.get('/login', (ctx) => {
        ctx.session.user = { id: 'user-1', name: 'Ada Lovelace' };
        ctx.body = 'Welcome';
      });
      app.use(router.routes());`,
  },
};
const INBOX = `
  const { CHATWOOT_HMAC_TOKEN: hmacToken, CHATWOOT_WEBSITE_TOKEN: websiteToken, CHATWOOT_BASE_URL: baseUrl } = process.env;`;

describe.each(['express', 'koa'] as const)('packages/%s/README.md', (name) => {
  it('shows an app with the chat in its pages, an endpoint and a logout', async () => {
    const { before, after } = AROUND[name];
    const usage = block(`packages/${name}/README.md`, 'js');
    const template = name === 'koa' ? block('docs/koa.md', 'js') : '';
    const url = await serve([before, INBOX, usage, after, template, 'app.listen(0);'].join('\n'));
    const signedIn = (await fetch(`${url}/login`)).headers.getSetCookie().map((line) => line.split(';')[0]);
    const headers = { cookie: signedIn.join('; ') };
    for (const path of template ? ['/', '/placed'] : ['/']) {
      const page = await (await fetch(url + path, { headers })).text();
      expect(page.split('id="chatwoot-identity"')).toHaveLength(2);
    }
    const identity = await (await fetch(`${url}/chatwoot/identity`, { headers })).json();
    expect(identity).toMatchObject({ identifier_hash: identifierHash(sandbox.hmacToken, 'user-1') });
    const logout = await fetch(`${url}/logout`, { method: 'POST', headers, redirect: 'manual' });
    expect(logout.status).toBe(302);
    expect(logout.headers.getSetCookie().join()).toContain('cw_conversation=;');
  });
});

describe('packages/fetch/README.md', () => {
  it('shows an app with the chat in its pages, an endpoint and a logout', async () => {
    const [usage] = blocks('packages/fetch/README.md', 'js') as [string];
    const login = `app.get('/login', async (c) => {
      await setSignedCookie(c, 'user', 'user-1', secret);
      return c.text('Welcome');
    });`;
    const url = await addressOf(
      run(
        usage
          .replace('getSignedCookie }', 'getSignedCookie, setSignedCookie }')
          .replace('serve({', `${login}\nserve({`)
          .replace(/ }\);\s*$/, ' }, ({ port }) => console.log(port));'),
      ),
    );
    const signedIn = (await fetch(`${url}/login`)).headers.getSetCookie().map((line) => line.split(';')[0]);
    const headers = { cookie: signedIn.join('; ') };
    const page = await (await fetch(url, { headers })).text();
    expect(page.split('id="chatwoot-identity"')).toHaveLength(2);
    const identity = await (await fetch(`${url}/chatwoot/identity`, { headers })).json();
    expect(identity).toMatchObject({
      identifier_hash: identifierHash(sandbox.hmacToken, 'user-1'),
      name: 'Ada Lovelace',
    });
    expect((await fetch(`${url}/chatwoot/identity`)).status).toBe(401);
    const logout = await fetch(`${url}/logout`, { method: 'POST', headers, redirect: 'manual' });
    expect(logout.status).toBe(302);
    expect(logout.headers.getSetCookie().join()).toMatch(/cw_conversation=;.*user=;/s);
  });
});

describe('docs/deployment.md', () => {
  const file = 'docs/deployment.md';
  const unindented = (code: string) => code.replaceAll(/^ +/gm, '');

  it('shows code that is part of the examples', () => {
    const taken = Array.from(read(file).matchAll(/<!-- from: (\S+) -->\n```js\n(.*?)```/gs));
    expect(taken).toHaveLength(4);
    for (const [, path, code] of taken) expect(unindented(read(path!))).toContain(unindented(code!));
  });

  const [byHost, byPath] = blocks(file, 'js').slice(-2) as [string, string];
  it.each([
    ['host', byHost, 'paper.example.com', '/', '/'],
    [
      'path',
      byHost.replace(/^app\.use\(chatwoot.*\n/m, () => byPath).replaceAll('.example.com', ''),
      'localhost',
      '/paper/',
      '/glue/',
    ],
  ])(
    'shows an app that selects the inbox by %s, in pages and at the endpoint',
    async (_by, code, host, path, elsewhere) => {
      const token = 'EPyYngFb62yBMWXaSCrUZoL9';
      const before = "console.error = () => {}; function signedIn() { return { identifier: 'user-1' }; }\n";
      const url = await serve(before + code, { PAPER_HMAC_TOKEN: token, PAPER_WEBSITE_TOKEN: 'paper' });
      const { port } = new URL(url);
      const ask = async (host: string, path: string) =>
        String((await get(`http://127.0.0.1:${port}${path}`, { headers: { host } })).body);
      const hash = `"identifier_hash":"${identifierHash(token, 'user-1')}"`;
      expect(await ask(host, `${path}chatwoot/identity`)).toContain(hash);
      expect(await ask(host, `${path}welcome`)).toContain('"website_token":"paper"');
      expect(await ask('glue.example.com', `${elsewhere}welcome`)).toMatch(/<h1>Welcome<\/h1>$/);
    },
  );
});

describe.each(FILES)('%s', (file) => {
  it('contains only commands that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const line of blocks(file, 'sh').flatMap((text) => text.trim().split('\n'))) {
      const command = line.replace(/ +#.*$/, '');
      const [, script] = /^npm (?:run )?(start|test|setup|format|typecheck|docs)$/.exec(command) ?? [];
      const [, installed] = /^npm install @chatwoot-identity\/(\w+)(?: [@\w/-]+)*$/.exec(command) ?? [];
      if (script) expect(scripts).toHaveProperty([script]);
      else if (command.startsWith('npx chatwoot-identity ')) knownToTheCommandLine(command);
      else if (installed) expect(existsSync(new URL(`packages/${installed}/package.json`, root))).toBe(true);
      else expect(() => accessSync(new URL(command, root), constants.X_OK)).not.toThrow();
    }
  });
});

const READMES = ['next', 'jwt', 'browser', 'sandbox'].map((name) => `packages/${name}/README.md`);

describe('the TypeScript code in guides and READMEs', () => {
  const found = [...GUIDES, ...READMES].flatMap((file) =>
    Array.from(
      read(file).matchAll(/(?:<!-- (?:from|recipe): (\S+) -->\n)?```tsx?\n(.*?)```/gs),
      ([, path, code], index) => ({ file, path, code: code!, index }),
    ),
  );

  it.each(found.filter(({ path }) => path))('is part of a tested file: $path in $file', ({ path, code }) => {
    // Biome ends a single element with a semicolon.
    const unindented = (text: string) => text.trim().replaceAll(/^ +/gm, '').replace(/>;$/, '>');
    expect(unindented(read(path!))).toContain(unindented(code));
  });

  it('compiles if it is not part of a tested file', () => {
    const others = found.filter(({ path }) => !path);
    expect(others.length).toBeGreaterThan(7);
    const examples = others.map(({ file, code, index }) => ({
      path: /from '(.+)'/.exec(code)![1]!,
      name: `${file.replaceAll('/', '-')}-${index}`,
      code,
    }));
    expect(compileErrors(examples, () => [])).toBe('');
  });
});

const LINKING = [
  ...FILES,
  'docs/architecture.md',
  'docs/sessions.md',
  ...['browser', 'cli', 'jwt', 'next', 'sandbox'].map((name) => `packages/${name}/README.md`),
];

describe.each(LINKING)('%s', (file) => {
  it('contains only links to files that exist', () => {
    const links = read(file).matchAll(/(?:\]\(|src(?:set)?=")(?!https:|\/|#)([^)"#]+)/g);
    for (const [, path] of links) {
      expect([path, existsSync(new URL(path!, new URL(file, root)))]).toEqual([path, true]);
    }
  });
});
