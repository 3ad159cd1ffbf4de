import { describe, expect } from 'vitest';
import { reach } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

/** Settings that would make the page load the SDK from a host of the attacker. */
const evil = JSON.stringify({
  base_url: 'https://evil.example',
  website_token: 'evil',
  identity: null,
  identity_url: '/chatwoot/identity',
});

describe('HTML from another user in the page', () => {
  test.for<[string, string]>([
    ["an element with the data block's id", `<div id="chatwoot-identity">${evil}</div>`],
    [
      'a forged data block, which no content security policy blocks',
      `<script type="application/json" id="chatwoot-identity">${evil}</script>`,
    ],
    [
      "a form with the data block's id",
      `<form name="chatwoot-identity" id="chatwoot-identity">${evil}</form>`,
    ],
    ['an element with the id $chatwoot', '<div id="$chatwoot"></div>'],
    ['an element with the id chatwootSDK', '<a id="chatwootSDK"></a>'],
    [
      'a form with the id $chatwoot and a field setUser',
      '<form id="$chatwoot"><input name="setUser"></form>',
    ],
    [
      'a frame of another site with the name $chatwoot',
      '<iframe name="$chatwoot" src="data:text/html,hi"></iframe>',
    ],
    [
      'elements with the id chatwootSettings',
      '<a id="chatwootSettings"></a><a id="chatwootSettings" name="baseDomain"></a>',
    ],
  ])('cannot change the settings: %s', async ([, html], { sandbox, site, page }) => {
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('evil.example')) foreign.push(request.url());
    });
    site.user = ada;
    site.before = html;
    await page.goto(site.url);
    await see(sandbox, 'ada verified in 1');
    await reach(page, 'connected');
    expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1']);
    expect(foreign).toEqual([]);
  });

  test('cannot add settings with an image named currentScript', async ({ sandbox, site, page }) => {
    const foreign: string[] = [];
    page.on('request', (request) => {
      if (request.url().includes('evil.example')) foreign.push(request.url());
    });
    site.user = ada;
    site.before = `<div id="chatwoot-identity">${evil}</div><img name="currentScript" alt="">`;
    await page.goto(site.url, { waitUntil: 'load' });
    expect(await page.evaluate(() => document.querySelectorAll('script[async]').length)).toBe(0);
    expect(foreign).toEqual([]);
    expect(account(sandbox)).toEqual([]);
  });
});

test('a page with an image named cookie has no chat, and the next page opens a new session for the next user', async ({
  sandbox,
  site,
  page,
}) => {
  site.user = ada;
  await page.goto(site.url);
  await reach(page, 'connected');
  site.before = '<img name="cookie">';
  site.user = bob;
  await page.goto(site.url);
  await reach(page, 'unavailable');
  site.before = '';
  await page.goto(site.url);
  await reach(page, 'connected');
  expect(account(sandbox)).toEqual(['session 1', 'ada verified in 1', 'session 2', 'bob verified in 2']);
});
