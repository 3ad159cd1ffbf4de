// @ts-check
import { createHmac } from 'node:crypto';
import { renderMarkup } from '@chatwoot-identity/core/internal';

export const inbox = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'website-token',
  baseUrl: 'https://chat.example.com',
};

export const user = { identifier: 'user-1234567890abcdef', name: 'Ada Lovelace', email: 'ada@example.com' };

/** The headers that prevent caches from storing an identity and other sites from reading it. */
export const headersByHand = {
  'Cache-Control': 'private, no-store',
  Vary: 'Cookie, Authorization',
  'X-Content-Type-Options': 'nosniff',
};

/** Computes the identity as Chatwoot's documentation shows. */
export function identityByHand() {
  const identifier_hash = createHmac('sha256', inbox.hmacToken).update(user.identifier).digest('hex');
  return { identifier: user.identifier, identifier_hash, name: user.name, email: user.email };
}

/** Returns the markup of the chat for a template. With `inline`, the markup contains the identity. */
export function chatByHand(inline = false) {
  return renderMarkup(
    {
      base_url: inbox.baseUrl,
      website_token: inbox.websiteToken,
      ...(inline && { identity: identityByHand() }),
      identity_url: '/chatwoot/identity',
      anonymous: 'show',
    },
    { scriptUrl: '/chatwoot/widget-0123456789ab.js' },
  );
}
