/**
 * The inbox of the servers under test. Its HMAC token is from a published test vector
 * (chatwoot/chatwoot#4798).
 */
export const INBOX = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'yQmhJ7zHfSDTdBbRBbTBxVGd',
  baseUrl: 'https://chat.example.com/', // the packages remove the trailing slash
};
