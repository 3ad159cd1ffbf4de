import { type Answer, probe } from '@chatwoot-identity/diagnostics';
import { Failure } from './failure.js';

const SDK = '/packs/js/sdk.js';

/** A client for a Chatwoot server. It sends the same requests as a visitor's page. */
export class Chatwoot {
  readonly origin: string;
  /** The address with its path and without a slash at the end. */
  readonly baseUrl: string;
  readonly #websiteToken: string;
  readonly #timeout: number;

  constructor(baseUrl: string, websiteToken: string, timeout: number) {
    const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new Failure(
        '--base-url, or CHATWOOT_BASE_URL, must be the http(s) address of Chatwoot, for example https://app.chatwoot.com',
      );
    }
    if (url.username || url.password || url.search || url.hash) {
      throw new Failure(
        '--base-url, or CHATWOOT_BASE_URL, must be the bare address of Chatwoot: no name, password, query or fragment.',
      );
    }
    this.origin = url.origin;
    this.baseUrl = url.href.replace(/\/+$/, '');
    this.#websiteToken = websiteToken;
    this.#timeout = timeout;
  }

  sdk(): Promise<Answer> {
    return probe(`${this.baseUrl}${SDK}`, { timeout: this.#timeout });
  }

  /** The address of the Chatwoot to which the SDK's address redirects, or undefined if it is the same. */
  redirectedTo({ status, headers }: Answer): string | undefined {
    const location = headers.get('location') ?? '';
    const from = `${this.baseUrl}${SDK}`;
    if (status < 300 || status >= 400 || !URL.canParse(location, from)) return undefined;
    const { origin, pathname } = new URL(location, from);
    const target = pathname.endsWith(SDK) ? origin + pathname.slice(0, -SDK.length) : origin;
    return target === this.baseUrl ? undefined : target;
  }

  /** The page inside the chat's iframe. Opens a session for a new visitor without a name. */
  widget(): Promise<Answer> {
    return probe(this.#address('/widget'), { timeout: this.#timeout });
  }

  /** The request that the widget sends when the page calls `setUser`. */
  setUser(session: string, user: Readonly<Record<string, string>>): Promise<Answer> {
    return probe(this.#address('/api/v1/widget/contact/set_user'), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'x-auth-token': session },
      body: JSON.stringify(user),
      timeout: this.#timeout,
    });
  }

  #address(path: string): string {
    return `${this.baseUrl}${path}?${new URLSearchParams({ website_token: this.#websiteToken })}`;
  }
}

/** The token of the visitor's session, which Chatwoot prints into the widget's page. */
export function sessionIn({ text }: Answer): string | undefined {
  return /\bauthToken["']?\s*[:=]\s*["']([\w.-]+)["']/.exec(text)?.[1];
}
