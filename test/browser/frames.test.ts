import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { call, reach, write } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

/** A page of another site. It sends messages as a newly loaded widget does, and records the messages it receives. */
const foreign = `<!doctype html><script>
  window.heard = [];
  addEventListener('message', ({ data }) => heard.push(data));
  const config = { authToken: 'planted', channelConfig: { widgetColor: '#000000' } };
  const say = (message) => parent.postMessage('chatwoot-widget:' + JSON.stringify(message), '*');
  say({ event: 'loaded', config });
  say({ event: 'setAuthCookie', data: { widgetAuthToken: 'planted' } });
  say({ event: 'error', errorType: 'SET_USER_ERROR', data: { error: 'HMAC failed' } });
  parent.postMessage('done', '*');
</script>`;

/**
 * Loads the other site's page into a frame and waits until the page has sent its messages. Without this package, the
 * SDK accepts such messages from any frame, as sandbox.test.ts shows.
 */
async function meetForeign(page: Page, put: (src: string) => void): Promise<void> {
  await page.route('http://evil.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: foreign }),
  );
  await page.evaluate(
    ([put]) =>
      new Promise<void>((resolve) => {
        addEventListener('message', ({ data }) => data === 'done' && resolve());
        new Function('src', `(${put})(src)`)('http://evil.example/');
      }),
    [String(put)],
  );
}

const conversation = async (page: Page) =>
  (await page.context().cookies()).find(({ name }) => name === 'cw_conversation')?.value;

const heard = (page: Page) =>
  page
    .frames()
    .find((frame) => frame.url().includes('evil.example'))!
    .evaluate(() => (window as unknown as { heard: unknown[] }).heard);

describe('a frame of another site', () => {
  test('next to the chat cannot plant a session or forge a refusal', async ({ sandbox, site, page }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const before = await conversation(page);
    await meetForeign(page, (src) => {
      const frame = document.createElement('iframe');
      frame.src = src;
      document.body.append(frame);
    });
    expect(await conversation(page)).toBe(before);
    expect(await heard(page)).toEqual([]);
    expect(await write(page, sandbox, 'still here')).toBe('ada, verified');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
  });

  test('in place of the chat receives no identity, and the chat is loaded again for the next user', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    const before = await conversation(page);
    await meetForeign(page, (src) => {
      document.querySelector<HTMLIFrameElement>('#chatwoot_live_chat_widget')!.src = src;
    });
    await reach(page, 'unavailable');
    expect(await conversation(page)).toBe(before);
    expect(JSON.stringify(await heard(page))).not.toMatch(/ada|hash/i);
    site.user = bob;
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    expect(account(sandbox).filter((line) => line.startsWith('bob'))).toEqual(['bob verified in 2']);
  });
});

test('a page in a sandboxed frame throws no error and sends no request to the endpoint', async ({
  site,
  page,
}) => {
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  site.user = ada;
  await page.goto(`${site.url}/bare`);
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.setAttribute('sandbox', 'allow-scripts');
        frame.onload = resolve;
        frame.src = '/';
        document.body.append(frame);
      }),
  );
  expect(await page.frames()[1]!.evaluate(() => origin)).toBe('null');
  expect(errors).toEqual([]);
  expect(site.identityRequests).toEqual([]);
});
