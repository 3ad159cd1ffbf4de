import type { Identity } from '@chatwoot-identity/core/wire';
import { assertSigned } from './identity.js';
import type { RequestHeaders } from './options.js';

/**
 * Fetches the signed-in user's identity from the app. Every request has a unique URL and a nonce, which the endpoint
 * repeats: a response that a cache stored for an earlier request, perhaps another user's, is rejected.
 *
 * @returns The identity, or null for an anonymous visitor: 204, or 401 from an endpoint that does not know this
 *   script's `Accept`. Browsers log every 4xx response to a fetch as an error.
 * @throws If the response does not say who is signed in: an error status, no response within 15 seconds, or a body that
 *   is not JSON, such as a login page after a redirect. The message is for the developer. It contains the endpoint's
 *   URL without the query, the status and the problem's detail.
 */
export async function askEndpoint(identityUrl: string, headers?: RequestHeaders): Promise<Identity | null> {
  let failure = 'was not asked: headers failed';
  let fix = "Check identityUrl and the server's log";
  try {
    const fields = new Headers(typeof headers === 'function' ? await headers() : headers);
    const url = new URL(identityUrl, location.href); // a `<base href>` may name another host
    if (url.origin !== location.origin) fix = `Its allowedOrigins must name ${location.origin}`;
    const nonce = crypto.getRandomValues(new Uint32Array(4)).join('');
    url.search += `${url.search && '&'}cw=${nonce}`;
    fields.set('accept', `application/vnd.chatwoot-identity+json;nonce=${nonce}, application/json`);

    failure = 'did not answer';
    const response = await fetch(url, {
      credentials: 'include', // a cross-origin endpoint gets its cookies too
      cache: 'no-store',
      headers: fields,
      signal: AbortSignal.timeout(15_000),
    });
    const { status } = response;
    if ((response.headers.get('chatwoot-identity-nonce') ?? nonce) !== nonce) {
      failure = 'was answered by a cache';
      fix = 'Exclude it from that cache';
      throw failure;
    }
    if (status === 204 || status === 401) return null;
    failure = `answered ${status}, no identity`;
    const body = await response.json();
    if (body.detail) fix = body.detail;
    if (response.ok) {
      assertSigned(body);
      return body;
    }
  } catch {}
  throw new Error(`${identityUrl.split('?')[0]} ${failure}. ${fix}`);
}
