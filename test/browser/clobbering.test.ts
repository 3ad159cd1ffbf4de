import { describe, expect } from 'vitest';
import { reach } from '../support/page.js';
import { account, ada, bob, see, test } from '../support/scene.js';

/** Settings with which the page would load a script from another host as the SDK. */
const evil = JSON.stringify({
  base_url: 'https://evil.example',
  website_token: 'evil',
  identity: null,
  identity_url: '/chatwoot/identity',
});

describe('HTML of other users in the page', () => {
  test.for<[string, string]>([
    ['an element with the id of the data block', `<div id="chatwoot-identity">${evil}</div>`],
    [
      'a forged data block, which no policy blocks',
      `<script type="application/json" id="chatwoot-identity">${evil}</script>`,
    ],
    [
      'a form with the id of the data block',
      `<form name="chatwoot-identity" id="chatwoot-identity">${evil}</form>`,
    ],
    ['an element with the id of the running SDK', '<div id="$chatwoot"></div>'],
    ['an element with the id of the SDK', '<a id="chatwootSDK"></a>'],
    ['a form that poses as the SDK', '<form id="$chatwoot"><input name="setUser"></form>'],
    ['a frame of another site with that name', '<iframe name="$chatwoot" src="data:text/html,hi"></iframe>'],
    ['settings by name', '<a id="chatwootSettings"></a><a id="chatwootSettings" name="baseDomain"></a>'],
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

  test('an image that poses as the running script cannot add settings: the page has no chat', async ({
    sandbox,
    site,
    page,
  }) => {
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

test('an image that poses as document.cookie: no chat, and the next user does not get the session', async ({
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
