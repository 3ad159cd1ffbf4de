import { describe, expect } from 'vitest';
import { noteHiding } from './logout.js';
import type { Site } from './site.js';
import { clickVisible, once, sandbox, test } from './visitor.js';

/** Tests the chat of a production build in Chromium. */
export function chatTests(site: () => Site): void {
  describe('in Chromium,', () => {
    test('the widget fetches the identity once from identityUrl, even if the page renders again', async ({
      page,
      signIn,
      connected,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/fetched`);
      await connected();
      await page.getByText('rendered 0').click();
      await page.getByText('rendered 1').click();
      await page.getByText('rendered 2').waitFor();
      expect(asked).toEqual([`${site().url}/chatwoot/identity`]);
      expect(story.lines()).toEqual(once);
    });

    test('hiding the component with <Activity> does not end the chat session', async ({
      page,
      signIn,
      connected,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/fetched`);
      await connected();
      await page.getByText('visible').click();
      await page.getByText('hidden').click();
      await page.getByText('visible').waitFor();
      await expect.poll(() => asked.length).toBe(2);
      await connected();
      expect(story.lines()).toEqual(once);
    });

    test('a widget that is unmounted and remounted fetches the identity again without hiding the chat', async ({
      page,
      signIn,
      connected,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/fetched`);
      await connected();
      const wasHidden = await noteHiding(page);
      await page.getByText('unmount for a moment').click();
      await expect.poll(() => asked.length).toBe(2);
      await connected();
      expect(await wasHidden()).toBe(false);
      expect(story.lines()).toEqual(once);
    });

    test('navigations between pages with <Chatwoot /> neither load the SDK again nor start another session', async ({
      page,
      signIn,
      story,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      await story.see('alice verified in 1');
      for (const name of ['there', 'here', 'there']) {
        await clickVisible(page, `go ${name}`);
        await page.getByRole('heading', { name }).locator('visible=true').waitFor();
      }
      expect(story.lines()).toEqual(once);
      expect(await page.locator('script[src$="/packs/js/sdk.js"]').count()).toBe(1);
    });

    test('headers are sent to the endpoint, also those that a later render passes', async ({
      page,
      story,
    }) => {
      await page.goto(`${site().url}/bearer`);
      await story.see('alice verified in 1');
      await page.getByText('token of bob').click();
      await story.see('bob verified in 2');
    });

    test('a change of userKey fetches the identity again, even if the page contains one', async ({
      page,
      signIn,
      story,
      asked,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/keyed`);
      await story.see('alice verified in 1');
      expect(asked).toEqual([]);
      await page.getByText('sign out').click();
      await story.see('session 2');
      // The sandbox may report the new session before Playwright reports the request.
      await expect.poll(() => asked).toEqual([`${site().url}/api/identity`]);
    });

    test.for([
      ['with a nonce on a dynamic page', '/nonce'],
      ['with a list of addresses on a static page', '/listed'],
    ])(
      'the chat works under a Content-Security-Policy %s',
      async ([, path], { page, signIn, story, complaints }) => {
        await signIn(site().url, 'alice');
        const response = await page.goto(site().url + path);
        expect(response?.headers()['content-security-policy']).toContain(sandbox.baseUrl);
        await expect.poll(() => [...complaints, ...story.lines()]).toEqual(once); // Chromium logs violations in the console.
      },
    );

    test('the browser does not reuse the identity of the previous user, even if headers() in next.config allow caching', async ({
      page,
      signIn,
    }) => {
      await signIn(site().url, 'alice');
      await page.goto(`${site().url}/here`);
      const ask = () =>
        page.evaluate(async () => (await (await fetch('/shop/overridden/identity')).json()).identifier);
      expect(await ask()).toBe('alice');
      await signIn(site().url, 'bob');
      expect(await ask()).toBe('bob');
    });
  });
}
