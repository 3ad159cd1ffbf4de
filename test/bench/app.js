// @ts-check
import { createHmac } from 'node:crypto';
import { markup } from '@chatwoot-identity/core';

export const inbox = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'website-token',
  baseUrl: 'https://chat.example.com',
};

export const user = { identifier: 'user-1234567890abcdef', name: 'Ada Lovelace', email: 'ada@example.com' };

/** What keeps an identity with the one that it belongs to. */
export const headersByHand = {
  'Cache-Control': 'private, no-store',
  Vary: 'Cookie, Authorization',
  'X-Content-Type-Options': 'nosniff',
};

/** The identity as Chatwoot's documentation computes it. */
export function identityByHand() {
  const identifier_hash = createHmac('sha256', inbox.hmacToken).update(user.identifier).digest('hex');
  return { identifier: user.identifier, identifier_hash, name: user.name, email: user.email };
}

/** What everybody puts into a page: the very bytes that we do. */
export function chatByHand() {
  return markup(
    {
      base_url: inbox.baseUrl,
      website_token: inbox.websiteToken,
      identity: identityByHand(),
      identity_url: '/chatwoot/identity',
      anonymous: 'show',
    },
    { scriptUrl: '/chatwoot/widget-0123456789ab.js' },
  );
}
