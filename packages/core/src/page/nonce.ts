/** CSP's grammar allows both base64 and base64url (CSP 3, section 2.3.1). */
const VALUE = /^[\w+/-]+={0,2}$/;

/**
 * The first usable nonce: one the app names, else the one in the response's own policy. What does not fit the
 * grammar is not written into a page.
 *
 * @param named where the app keeps a nonce, in order of preference
 * @param policy the response's Content-Security-Policy header
 */
export function findNonce(named: readonly unknown[], policy: string | undefined): string | undefined {
  const inPolicy =
    policy && /(?:^|[;,])\s*(?:script-src-elem|script-src|default-src)\s[^;,]*'nonce-([^']+)'/i.exec(policy);
  return [...named, inPolicy?.[1]].find((value) => typeof value === 'string' && VALUE.test(value)) as
    | string
    | undefined;
}
