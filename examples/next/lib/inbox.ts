import type { Inbox } from '@chatwoot-identity/next';

/** From the environment, which a build need not have: nothing looks at the tokens before the first request. */
export const inbox: Inbox = {
  hmacToken: process.env.CHATWOOT_HMAC_TOKEN,
  websiteToken: process.env.CHATWOOT_WEBSITE_TOKEN,
  baseUrl: process.env.CHATWOOT_BASE_URL,
};
