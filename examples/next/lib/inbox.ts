import 'server-only'; // ends a build in which a client component imports this
import type { Inbox } from '@chatwoot-identity/next';

/** Read from the environment. `next build` does not need the token: it is checked at the first request. */
export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};
