import { type Answer, probe } from '@chatwoot-identity/diagnostics';
import { Failure } from './failure.js';

const SDK = '/packs/js/sdk.js';

/** A client for a Chatwoot server that sends the same requests as a page with the chat. */
export class Chatwoot {
  readonly origin: string;
  /** The URL of Chatwoot, including its path, without a trailing slash. */
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
        '--base-url, or CHATWOOT_BASE_URL, must be the bare address of Chatwoot, without a user name, a password, a query or a fragment.',
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

  /**
   * Returns the base URL to which the SDK script is redirected, or undefined without a redirect to another base URL.
   */
  redirectedTo({ status, headers }: Answer): string | undefined {
    const location = headers.get('location') ?? '';
    const from = `${this.baseUrl}${SDK}`;
    if (status < 300 || status >= 400 || !URL.canParse(location, from)) return undefined;
    const { origin, pathname } = new URL(location, from);
    const target = pathname.endsWith(SDK) ? origin + pathname.slice(0, -SDK.length) : origin;
    return target === this.baseUrl ? undefined : target;
  }

  /** Requests the page inside the chat's iframe, which opens a session for a new anonymous visitor. */
  widget(): Promise<Answer> {
    return probe(this.#address('/widget'), { timeout: this.#timeout });
  }

  /** Sends the request that the widget sends if the page calls `setUser`. */
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

/** Returns the token of the visitor's session from the widget's page, or undefined if the page contains none. */
export function sessionIn({ text }: Answer): string | undefined {
  return /\bauthToken["']?\s*[:=]\s*["']([\w.-]+)["']/.exec(text)?.[1];
}
