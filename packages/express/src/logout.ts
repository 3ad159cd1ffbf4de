import { logOut } from '@chatwoot-identity/core/internal';
import type { Response } from 'express';

/**
 * Ends the chat session at logout. Expires the widget's cookies in this response, which may be a redirect, and leaves
 * the user's identity out of the rest of the response. Call this function in the logout route, before the response is
 * sent.
 *
 * @param res the response of the logout route
 * @example
 * app.post('/logout', (req, res, next) => {
 *   chatwootLogout(res);
 *   req.session.destroy((error) => (error ? next(error) : res.redirect('/')));
 * });
 */
export function chatwootLogout(res: Response): void {
  for (const cookie of logOut(res.req, res.req.hostname ?? '')) res.appendHeader('Set-Cookie', cookie);
}
