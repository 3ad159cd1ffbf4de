import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type App, buildTimeout, type Cell, createApp, type Files, type Server } from './app.js';
import { siteApp, siteConfig } from './site-app.js';
import { environment, once, test } from './visitor.js';

/** Pages that fail in a production build or behave differently in production. */
const kept: Readonly<Record<Cell['mode'], Files>> = {
  default: {
    'app/kept/page.js': `
      import { identity } from '@/lib/chatwoot';
      export const dynamic = 'force-static';
      export default async () => <p>{JSON.stringify(await identity())}</p>;`,
    'app/generated/[slug]/page.js': `
      import { identity } from '@/lib/chatwoot';
      export const generateStaticParams = () => [];
      export default async () => <p>{JSON.stringify(await identity())}</p>;`,
  },
  cacheComponents: {
    'app/kept/page.js': `
      import { identity } from '@/lib/chatwoot';
      export default async () => {
        'use cache';
        return <p>{JSON.stringify(await identity())}</p>;
      };`,
  },
};
const complaintOf = { default: 'rendered without a request', cacheComponents: 'inside `"use cache"`' };

/** The two combinations of bundler and mode that site.matrix.ts does not test. */
describe.each<Cell>([
  { bundler: 'turbopack', mode: 'cacheComponents' },
  { bundler: 'webpack', mode: 'default' },
])('in development ($bundler, $mode),', (cell) => {
  let app: App;
  let server: Server;
  let url: string;

  beforeAll(async () => {
    app = await createApp(
      'development',
      cell,
      {
        ...siteApp(cell.mode),
        ...kept[cell.mode],
        'pages/legacy.js': `
        import { chatwootIdentityPages } from '@chatwoot-identity/next/pages';
        const { identity } = chatwootIdentityPages({
          inbox: { hmacToken: 'key', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' },
          contact: () => ({ identifier: 'alice', name: undefined, email: null, customAttributes: { plan: undefined } }),
        });
        export const getServerSideProps = async (context) => ({ props: { identity: await identity(context) } });
        export default ({ identity }) => <p>{identity.name}</p>;`,
      },
      siteConfig,
    );
    server = await app.dev(environment());
    url = `${server.url}/shop`;
    // Makes Next.js compile the endpoint now. On a busy machine, the page would time out while Next.js compiles it.
    await fetch(`${url}/chatwoot/identity`);
  }, buildTimeout);
  afterAll(() => server?.close());

  test('the identity is fetched and sent once, although StrictMode runs every effect twice', async ({
    page,
    signIn,
    connected,
    story,
    asked,
  }) => {
    await signIn(url, 'alice');
    await page.goto(`${url}/fetched`);
    await connected();
    expect(asked).toHaveLength(1);
    expect(story.lines()).toEqual(once);
  });

  test('a hot update reloads neither the page nor the chat', async ({ page, signIn, connected, story }) => {
    await signIn(url, 'alice');
    await page.goto(`${url}/fetched`);
    await connected();
    await page.evaluate(() => Object.assign(window, { before: true }));
    await app.write('app/fetched/note.js', 'export const Note = () => <p>second note</p>;');
    await page.getByText('second note').waitFor();
    expect(await page.evaluate(() => 'before' in window)).toBe(true);
    expect(story.lines()).toEqual(once);
    expect(await page.locator('script[src$="/packs/js/sdk.js"]').count()).toBe(1);
  });

  test('a static page that contains an identity fails', async () => {
    const response = await fetch(`${url}/kept`, { headers: { cookie: 'who=alice' } });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toMatch(/[0-9a-f]{64}/);
    expect(server.log).toContain(complaintOf[cell.mode]);
  });

  // With cacheComponents, the build of this route fails.
  if (cell.mode === 'default') {
    test('a route with an empty generateStaticParams works, although it responds with 500 in production', async () => {
      const response = await fetch(`${url}/generated/new`, { headers: { cookie: 'who=alice' } });
      expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('alice')]);
    });
  }

  test('the props of getServerSideProps contain no undefined value, which Next.js refuses only in development', async () => {
    const response = await fetch(`${url}/legacy`);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('<p>alice</p>')]);
  });
});
