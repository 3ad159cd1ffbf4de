/** The inbox that all recipes use. The HMAC token is from a published test vector (chatwoot/chatwoot#4798). */
export const inbox = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'yQmhJ7zHfSDTdBbRBbTBxVGd',
  baseUrl: 'https://chat.example',
};
