import { chatwootLogout } from '@chatwoot-identity/express';
export default defineEventHandler(async (event) => {
  chatwootLogout(event.node.res);
  await (await userSession(event)).clear();
  return sendRedirect(event, '/', 303);
});
