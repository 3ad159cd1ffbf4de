import { readdirSync, readFileSync } from 'node:fs';
import { jwtSession } from '@chatwoot-identity/jwt';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** Returns the recipe in the source of an app, without indentation. */
function recipe(path: string): string | undefined {
  const region = /^( *)\/\/ #region recipe\n(.*?)^ *\/\/ #endregion/ms.exec(read(path));
  return region?.[2]?.replaceAll(new RegExp(`^${region[1]}`, 'gm'), '');
}

/** Returns the code blocks of a document, each with the path in the comment above the block. */
function blocks(document: string): { path: string | undefined; code: string }[] {
  const fences = read(document).matchAll(/(?:<!-- recipe: (\S+) -->\n)?```ts\n(.*?)```/gs);
  return [...fences].map(([, path, code]) => ({ path, code: code! }));
}

const apps = readdirSync(new URL('test/sessions/', root))
  .map((name) => `test/sessions/${name}`)
  .filter((path) => recipe(path) !== undefined);

describe('docs/sessions.md', () => {
  it('shows only tested code', () => {
    const untested = blocks('docs/sessions.md').filter(({ path }) => path === undefined);
    expect(untested).toEqual([]);
  });

  it.each(apps)('contains the exact code of the recipe %s', (path) => {
    const shown = blocks('docs/sessions.md').filter((block) => block.path === path);
    expect(shown.map(({ code }) => code)).toEqual([recipe(path)]);
  });
});

describe('the table in docs/sessions.md', () => {
  /** The rows of the table. Each has the targets of the links and the code. */
  const rows = read('docs/sessions.md')
    .split('\n')
    .filter((line) => line.startsWith('| ['))
    .map((line) => ({
      sections: [...line.matchAll(/\]\((#[\w-]+)/g)].map(([, anchor]) => anchor!),
      code: /\| `(.*)` +\|$/.exec(line)![1]!,
    }));

  it('links to the section of every recipe', () => {
    const headings = [...read('docs/sessions.md').matchAll(/^## (.*)$/gm)].map(([, heading]) =>
      anchorOf(heading!),
    );
    const listed = [...rows.flatMap(({ sections }) => sections), '#support-staff-signed-in-as-a-customer'];
    expect(listed.sort()).toEqual(headings.sort());
  });

  it.each(rows)('shows code that the recipe contains: $code', ({ sections, code }) => {
    for (const anchor of sections) expect(section(anchor)?.replaceAll(/\s+/g, ' ')).toContain(code);
  });

  /** Returns the section of docs/sessions.md with this anchor. */
  function section(anchor: string): string | undefined {
    return read('docs/sessions.md')
      .split(/^## /m)
      .find((text) => anchorOf(text.split('\n')[0]!) === anchor);
  }

  /** Returns the anchor that GitHub generates for a heading. */
  const anchorOf = (heading: string) =>
    `#${heading
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-')}`;
});

describe('docs/jwt.md', () => {
  it.each(['auth0-jwt', 'jwt-cookie'])('contains the exact code of the recipe %s', (name) => {
    const path = `test/sessions/${name}.ts`;
    expect(blocks('docs/jwt.md')).toContainEqual({ path, code: recipe(path) });
  });

  it('contains the imports of a recipe', () => {
    const [, path, code] = /<!-- from: (\S+) -->\n```ts\n(import .*?)```/s.exec(read('docs/jwt.md'))!;
    expect(read(path!)).toContain(code);
  });

  const issuers = read('docs/jwt.md')
    .split('\n')
    .filter((line) => /^\| \w.*\| `https:/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name, issuer, keys, audience, algorithms, place]) => {
      const code = (cell: string) => /^`(.*?)`/.exec(cell)![1]!;
      const literal = (text: string) => JSON.parse(text.replaceAll("'", '"'));
      const [option, value] = place ? code(place).split(': ') : [];
      return {
        name,
        issuer: code(issuer!),
        keys: code(keys!),
        audience: literal(code(audience!)) as string | false,
        algorithms: literal(code(algorithms!)) as ('RS256' | 'ES256')[],
        place: option ? { [option]: literal(value!) as string } : {},
      };
    });

  it('lists options for eight issuers', () => {
    expect(issuers.map(({ name }) => name)).toHaveLength(8);
  });

  it.each(issuers)(
    'lists options for $name that jwtSession accepts',
    async ({ issuer, keys, audience, algorithms, place }) => {
      const jwksUri = new URL(keys, issuer.endsWith('/') ? issuer : `${issuer}/`);
      expect(jwtSession({ jwksUri, algorithms, issuer, audience, ...place })).toBeTypeOf('function');

      const { publicKey, privateKey } = await generateKeyPair(algorithms[0]!, { extractable: true });
      const session = jwtSession({
        publicKey: await exportJWK(publicKey),
        algorithms,
        issuer,
        audience,
        ...place,
      });
      const sign = (iss: string) => {
        const token = new SignJWT({ sub: 'ada', iss, ...(audience !== false && { aud: audience }) });
        return token.setProtectedHeader({ alg: algorithms[0]! }).sign(privateKey);
      };
      const request = (token: string) => ({
        headers: new Headers(
          'cookie' in place
            ? { cookie: `${place.cookie}=${token}` }
            : { [place.header ?? 'authorization']: `Bearer ${token}` },
        ),
      });
      expect(await session(request(await sign(issuer)))).toMatchObject({ sub: 'ada' });
      expect(await session(request(await sign('https://evil.example')))).toBeNull();
    },
  );
});
