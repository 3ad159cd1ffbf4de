import type { Identity } from './identity.js';

/**
 * Asks the app who is signed in: an identity, or null for nobody (401).
 *
 * @throws when the answer does not say: an error status, no answer within 15 seconds, or something that is not
 * JSON, such as a login page that a redirect led to. The message is for the developer and holds nothing of the answer.
 */
export async function ask(identityUrl: string): Promise<Identity | null> {
  let status: number | string = 'nothing';
  try {
    const response = await fetch(identityUrl, {
      credentials: 'include', // same-origin needs no more; a cross-origin endpoint gets its cookies too
      cache: 'no-store',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(15_000),
    });
    status = response.status;
    if (status === 401) return null;
    if (response.ok) return await response.json();
  } catch {}
  throw new Error(`${identityUrl.split('?')[0]} answered ${status}, no identity. See the server's log`);
}
