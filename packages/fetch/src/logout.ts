import { logOut } from '@chatwoot-identity/core/internal';

/**
 * Ends the chat session at logout. Adds headers that expire the widget's cookies to a response, which may be a
 * redirect, and leaves the user's identity out of the rest of the response. Call this function in the logout route.
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
