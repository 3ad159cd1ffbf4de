/** The inbox of every recipe. Its token is that of a published test vector (chatwoot/chatwoot#4798). */
export const inbox = {
  hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy',
  websiteToken: 'yQmhJ7zHfSDTdBbRBbTBxVGd',
  baseUrl: 'https://chat.example',
};
