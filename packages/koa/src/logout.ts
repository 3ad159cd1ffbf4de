import { logOut } from '@chatwoot-identity/core/internal';
import type { Context } from 'koa';

/**
 * Ends the chat session at logout. Expires the widget's cookies in this response, which may be a redirect, and leaves
 * the user's identity out of the rest of the response. Call this function in the logout route.
 *
 * @param ctx the context of the logout route
 * @example
 * router.post('/logout', (ctx) => {
 *   chatwootLogout(ctx);
 *   ctx.session = null;
 *   ctx.redirect('/');
 * });
 */
export function chatwootLogout(ctx: Context): void {
  ctx.append('Set-Cookie', logOut(ctx, ctx.hostname));
}
