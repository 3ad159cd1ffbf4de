import { logOut } from '@chatwoot-identity/core/internal';

/**
 * Ends the chat together with the login: adds headers that expire the widget's cookies, also in a redirect, and makes the
 * rest of the request anonymous. Call it in the logout route.
 *
 * @param request the request of the logout route
 * @param headers the headers of the response
 * @example
 * function logout(request: Request) {
 *   const headers = new Headers({ Location: '/' });
 *   chatwootLogout(request, headers);
 *   return new Response(null, { status: 303, headers });
 * }
 */
export function chatwootLogout(request: Request, headers: Headers): void {
  for (const cookie of logOut(request, new URL(request.url).hostname)) headers.append('Set-Cookie', cookie);
}
