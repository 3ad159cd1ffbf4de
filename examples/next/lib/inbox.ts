import 'server-only'; // the build fails if a client component imports this file
import type { Inbox } from '@chatwoot-identity/next';

/**
 * The inbox, read from the environment. `next build` does not need the token, because the token is checked at
 * the first request.
 */
export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};
