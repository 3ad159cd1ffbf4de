import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

/** The recipe of an app, without its indentation. */
function recipe(path: string): string | undefined {
  const region = /^( *)\/\/ #region recipe\n(.*?)^ *\/\/ #endregion/ms.exec(read(path));
  return region?.[2]?.replaceAll(new RegExp(`^${region[1]}`, 'gm'), '');
}

/** The code blocks of a document, each with the file that the comment above it names. */
function blocks(document: string): { path: string | undefined; code: string }[] {
  const fences = read(document).matchAll(/(?:<!-- recipe: (\S+) -->\n)?```ts\n(.*?)```/gs);
  return [...fences].map(([, path, code]) => ({ path, code: code! }));
}

const apps = readdirSync(new URL('test/sessions/', root))
  .map((name) => `test/sessions/${name}`)
  .filter((path) => recipe(path) !== undefined);

describe('docs/sessions.md', () => {
  it('shows nothing but what is tested', () => {
    const untested = blocks('docs/sessions.md').filter(({ path }) => path === undefined);
    expect(untested).toEqual([]);
  });

  it.each(apps)('shows the recipe of %s as it is tested', (path) => {
    const shown = blocks('docs/sessions.md').filter((block) => block.path === path);
    expect(shown.map(({ code }) => code)).toEqual([recipe(path)]);
  });
});

describe('packages/jwt/README.md', () => {
  it.each(['auth0-jwt', 'jwt-cookie'])('shows the recipe of %s as it is tested', (name) => {
    const path = `test/sessions/${name}.ts`;
    expect(blocks('packages/jwt/README.md')).toContainEqual({ path, code: recipe(path) });
  });

  it('shows the imports of a recipe', () => {
    const [, path, code] = /<!-- from: (\S+) -->\n```ts\n(import .*?)```/s.exec(
      read('packages/jwt/README.md'),
    )!;
    expect(read(path!)).toContain(code);
  });
});
