import { createIdentityResolver } from '@chatwoot-identity/core/internal';
import type { ReactElement } from 'react';
import { expect, test } from 'vitest';
import { createChatwoot } from './chatwoot-component.js';
import { ChatwootWidget as ServerWidget } from './client.react-server.js';
import { ChatwootWidget as ClientWidget } from './widget.js';

const inbox = {
  hmacToken: 'EPyYngFb62yBMWXaSCrUZoL9',
  websiteToken: 'S7qSB2oFvtsTxvUmJrSLSdLr',
  baseUrl: 'https://chat.example.com',
};
const Chatwoot = createChatwoot(createIdentityResolver({ inbox, contact: () => null }), console.error);

test.each([
  // @ts-expect-error: spreading the inbox is also a type error
  ['<Chatwoot {...inbox} />', () => Chatwoot({ ...inbox })],
  // @ts-expect-error
  ['<Chatwoot identityUrl {...inbox} />', () => Chatwoot({ identityUrl: '/identity', ...inbox })],
  // @ts-expect-error
  ['<ChatwootWidget {...inbox} /> in a server component', () => ServerWidget({ ...inbox })],
  // @ts-expect-error
  ['<ChatwootWidget {...inbox} /> in a client component', () => ClientWidget({ ...inbox })],
])('throws for %s', (_name, render) => {
  expect(render).toThrow('was given hmacToken');
});

test('<ChatwootWidget> in a server component passes only known props to the browser', () => {
  const { hmacToken, ...publicHalf } = inbox;
  const row = { ...publicHalf, identityUrl: '/identity', hmac_token: hmacToken };
  const element = ServerWidget(row) as ReactElement;
  expect(element.props).toEqual({ ...publicHalf, identityUrl: '/identity' });
});
