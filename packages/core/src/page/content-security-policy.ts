/** CSP's grammar allows both base64 and base64url (CSP 3, section 2.3.1). */
const NONCE = /^[\w+/-]+={0,2}$/;

/**
 * The first usable nonce. A value that does not fit the grammar is never written into a page.
 *
 * @param named where the app keeps a nonce, in order of preference
 * @param policy the response's Content-Security-Policy header, used if none is named
 */
export function findNonce(named: readonly unknown[], policy: string | undefined): string | undefined {
  const inPolicy =
    policy && /(?:^|[;,])\s*(?:script-src-elem|script-src|default-src)\s[^;,]*'nonce-([^']+)'/i.exec(policy);
  return [...named, inPolicy?.[1]].find((value) => typeof value === 'string' && NONCE.test(value)) as
    | string
    | undefined;
}

/** True if the policy puts the page into a sandbox. Its scripts are then not trusted by the app. */
export function isSandboxed(policy: string | undefined): boolean {
  return policy !== undefined && /(?:^|[;,])\s*sandbox\b/i.test(policy);
}

/**
 * True if a policy lets the page script run and read cookies. Markup in other pages, such as the error pages of Express
 * (`default-src 'none'`), would only fill the console with errors.
 */
export function canRunPageScript(header: string | undefined): boolean {
  return header === undefined || header.split(',').every(allowsPageScript);
}

function allowsPageScript(policy: string): boolean {
  const directives = new Map(
    policy.split(';').map((directive): [string, string[]] => {
      const [name = '', ...values] = directive.trim().toLowerCase().split(/\s+/);
      return [name, values];
    }),
  );
  const sandbox = directives.get('sandbox');
  if (sandbox && !(sandbox.includes('allow-scripts') && sandbox.includes('allow-same-origin'))) return false;
  const sources =
    directives.get('script-src-elem') ?? directives.get('script-src') ?? directives.get('default-src');
  if (!sources) return true;
  const hasNonce = sources.some((source) => source.startsWith("'nonce-"));
  if (hasNonce || sources.includes("'strict-dynamic'")) return hasNonce;
  return sources.some((source) => source === "'self'" || !source.startsWith("'"));
}
