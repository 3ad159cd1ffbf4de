import { describe, expect, it } from 'vitest';
import { createAdapter } from './internal.js';

const options = {
  inbox: {
    hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
    websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
    baseUrl: 'https://chat.example.com',
  },
  contact: () => null,
};
const script = { source: '', hash: 'abc' };
const create = (more: object) => createAdapter({ ...options, ...more } as typeof options, script);

describe('createAdapter', () => {
  it.each([
    [{ contact: undefined }, 'contact must be a function that returns the signed-in user'],
    [{ contact: { identifier: 'user-1' } }, 'contact: (req) => req.session.user &&'],
    [{ inbox: undefined }, 'inbox must be { hmacToken, websiteToken, baseUrl }'],
    [{ path: 'chatwoot/identity' }, 'path must be an absolute path'],
    [{ path: '/chatwoot/identity/' }, 'for example "/chatwoot/identity"'],
    [{ path: '/users/:id' }, 'path must be an absolute path of plain segments'],
    [{ allowedOrigins: 'https://shop.example.com' }, 'allowedOrigins must be an array'],
    [{ allowedorigins: [] }, 'Write "allowedOrigins".'],
    [{ onError: 'log' }, 'onError must be a function, for example (error) => console.error(error).'],
    [
      { inject: 'fetch' },
      "inject must be true (the page fetches the identity), 'inline' (the page contains the identity)",
    ],
    [{ inject: null }, 'inject must be true (the page fetches the identity)'],
    [{ inject: { modus: 'inline' } }, 'inject has no option "modus". It takes: mode,'],
    [
      { inject: { mode: 'fetch' } },
      "inject.mode must be 'inline'. Leave it out for pages that fetch the identity.",
    ],
    [{ inject: { anonymous: 'hidden' } }, "inject.anonymous must be 'show' or 'hide'."],
    [{ inject: { anonymous: false } }, "inject.anonymous must be 'show' or 'hide'."],
    [{ inject: { nonce: 'abc' } }, 'inject.nonce must be a function, for example (request) =>'],
    [{ inject: { skip: '/print' } }, 'inject.skip must be a function, for example (request) =>'],
    [
      { inject: { settings: 'dark' } },
      "inject.settings must be an object, for example { position: 'left' }.",
    ],
    [{ inject: { skip: async () => true } }, 'inject.skip must be synchronous.'],
    [
      { inject: { settings: { darkmode: 'auto' } } },
      'inject.settings has no option "darkmode". Write "darkMode".',
    ],
    [
      { inject: { settings: { theme: 'x' } } },
      'inject.settings has no option "theme". It takes: hideMessageBubble,',
    ],
    [{ headers: {}, url: '/' }, 'Call chatwootIdentity: app.use(chatwootIdentity({ inbox, contact })).'],
  ])('throws at start-up for the options %j, with a message that says how to fix them', (wrong, message) => {
    expect(() => create(wrong)).toThrow(TypeError);
    expect(() => create(wrong)).toThrow(message);
    expect(() => create(wrong)).not.toThrow(options.inbox.hmacToken);
  });

  it.each([
    undefined,
    false,
    true,
    'inline',
    {},
    { mode: 'inline', anonymous: 'show', settings: {}, nonce: () => undefined, skip: () => true },
    { mode: undefined, anonymous: undefined, settings: undefined, nonce: undefined, skip: undefined },
  ])('accepts the inject option %j', (inject) => {
    expect(() => create({ inject })).not.toThrow();
  });
});
