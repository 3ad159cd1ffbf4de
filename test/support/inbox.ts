/**
 * The inbox of the servers under test. The HMAC token is that of a published test vector
 * (chatwoot/chatwoot#4798).
 */
export const INBOX = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'yQmhJ7zHfSDTdBbRBbTBxVGd',
  baseUrl: 'https://chat.example.com/', // the packages remove the trailing slash
};
