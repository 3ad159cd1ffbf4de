import type { Identity } from '@chatwoot-identity/core/wire';
import { assertSigned } from './identity.js';
import type { RequestHeaders } from './options.js';

/**
 * Fetches the signed-in user's identity from the app. Every request has a unique URL and a nonce, which the
 * endpoint repeats. A response with another nonce is rejected, because a cache stored this response for an
 * earlier request, perhaps of another user.
 *
 * @returns The identity, or null for an anonymous visitor. The endpoint reports an anonymous visitor with 204
 *   instead of 401, because browsers log every 4xx response to a fetch as an error. An endpoint that does not
 *   recognise this script's `Accept` header responds with 401.
 * @throws If the response shows neither an identity nor an anonymous visitor. Examples are an error status,
 *   no response within 15 seconds, and a body that is not JSON, such as a login page after a redirect. The
 *   error message, which is for the developer, contains the endpoint's URL without the query, the status and
 *   the `detail` of the problem.
 */
export async function askEndpoint(identityUrl: string, headers?: RequestHeaders): Promise<Identity | null> {
  let failure = 'not fetched: headers failed';
  let fix = "Check identityUrl and the server's log";
  try {
    const fields = new Headers(typeof headers === 'function' ? await headers() : headers);
    const url = new URL(identityUrl, location.href); // ignores a `<base href>`, which may name another host
    if (url.origin !== location.origin) fix = `Its allowedOrigins must name ${location.origin}`;
    const nonce = crypto.getRandomValues(new Uint32Array(4)).join('');
    url.search += `${url.search && '&'}cw=${nonce}`;
    fields.set('accept', `application/vnd.chatwoot-identity+json;nonce=${nonce}, application/json`);

    failure = 'did not respond';
    const response = await fetch(url, {
      credentials: 'include', // sends cookies to a cross-origin endpoint as well
      cache: 'no-store',
      headers: fields,
      signal: AbortSignal.timeout(15_000),
    });
    const { status } = response;
    if ((response.headers.get('chatwoot-identity-nonce') ?? nonce) !== nonce) {
      failure = 'came from a cache';
      fix = 'Exclude it from that cache';
      throw failure;
    }
    if (status === 204 || status === 401) return null;
    failure = `returned ${status}, no identity`;
    const body = await response.json();
    if (body.detail) fix = body.detail;
    if (response.ok) {
      assertSigned(body);
      return body;
    }
  } catch {}
  throw new Error(`${identityUrl.split('?')[0]} ${failure}. ${fix}`);
}
