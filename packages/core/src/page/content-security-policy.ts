/** Matches a valid nonce. The grammar of CSP allows both base64 and base64url (CSP 3, section 2.3.1). */
const NONCE = /^[\w+/-]+={0,2}$/;

/**
 * One Content-Security-Policy, as a map from each directive to its values. As in browsers, only the first
 * occurrence of a directive counts.
 */
type Policy = ReadonlyMap<string, readonly string[]>;

/**
 * Parses a Content-Security-Policy header, which may contain several policies. Preserves the case of values,
 * because nonces are case-sensitive.
 */
function parse(header: string | undefined): Policy[] {
  if (!header) return [];
  return header.split(',').map((policy) => {
    const directives = new Map<string, string[]>();
    for (const directive of policy.trim().split(/\s*;\s*/)) {
      const [name = '', ...values] = directive.split(/\s+/);
      if (!directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), values);
    }
    return directives;
  });
}

/**
 * Returns the sources that a policy allows for script elements; undefined if the policy does not restrict
 * scripts.
 */
function scriptSources(policy: Policy): readonly string[] | undefined {
  return policy.get('script-src-elem') ?? policy.get('script-src') ?? policy.get('default-src');
}

function nonceIn(sources: readonly string[] | undefined): string | undefined {
  const nonces = sources?.map((source) => /^'nonce-(.*)'$/i.exec(source)?.[1]);
  return nonces?.find((nonce) => nonce !== undefined && NONCE.test(nonce));
}

/**
 * Returns the first usable nonce. A nonce that does not match the grammar of CSP is never written into a
 * page.
 *
 * @param named the nonces that the app provides, in order of preference
 * @param header the response's Content-Security-Policy, used if no value of `named` is usable
 */
export function findNonce(named: readonly unknown[], header: string | undefined): string | undefined {
  const found = named.find((value) => typeof value === 'string' && NONCE.test(value)) as string | undefined;
  return found ?? parse(header).map(scriptSources).map(nonceIn).find(Boolean);
}

/**
 * Returns true if the policy puts the page into a sandbox, which means that the app does not trust the page's
 * scripts.
 */
export function isSandboxed(header: string | undefined): boolean {
  return parse(header).some((policy) => policy.has('sandbox'));
}

/**
 * Returns true if the policy lets the page script run and read cookies. If the policy blocks the script, as
 * on the error pages of Express (`default-src 'none'`), the markup would only cause errors in the console.
 */
export function canRunPageScript(header: string | undefined): boolean {
  return parse(header).every(allowsPageScript);
}

/** Matches schemes from which the page script is never loaded. */
const OTHER_SCHEME = /^(?:blob|data|filesystem|mediastream):$/i;

function allowsPageScript(policy: Policy): boolean {
  const sandbox = policy.get('sandbox')?.map((value) => value.toLowerCase());
  if (sandbox && !(sandbox.includes('allow-scripts') && sandbox.includes('allow-same-origin'))) return false;
  const sources = scriptSources(policy);
  if (!sources || nonceIn(sources) !== undefined) return true;
  if (sources.some((source) => /^'strict-dynamic'$/i.test(source))) return false;
  // A host source counts as permission, because it may match the app's own host.
  return sources.some(
    (source) => /^'self'$/i.test(source) || !(source.startsWith("'") || OTHER_SCHEME.test(source)),
  );
}
