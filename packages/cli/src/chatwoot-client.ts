import { type Answer, probe } from '@chatwoot-identity/diagnostics';
import { Failure } from './failure.js';

/** A Chatwoot server as the page of a visitor sees it. */
export class Chatwoot {
  readonly origin: string;
  readonly #baseUrl: string;
  readonly #websiteToken: string;
  readonly #timeout: number;

  constructor(baseUrl: string, websiteToken: string, timeout: number) {
    const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
    if (!url || !/^https?:$/.test(url.protocol)) {
      throw new Failure(
        '--base-url must be the http(s) address of Chatwoot, for example https://app.chatwoot.com',
      );
    }
    if (url.username || url.password || url.search || url.hash) {
      throw new Failure(
        '--base-url must be the bare address of Chatwoot: no name, password, query or fragment.',
      );
    }
    this.origin = url.origin;
    this.#baseUrl = baseUrl.replace(/\/+$/, '');
    this.#websiteToken = websiteToken;
    this.#timeout = timeout;
  }

  sdk(): Promise<Answer> {
    return probe(`${this.#baseUrl}/packs/js/sdk.js`, { timeout: this.#timeout });
  }

  /** The page inside the iframe of the chat. Opens a session for a new, nameless visitor. */
  widget(): Promise<Answer> {
    return probe(this.#address('/widget'), { timeout: this.#timeout });
  }

  /** What the widget sends when the page calls `setUser`. */
  setUser(session: string, user: Readonly<Record<string, string>>): Promise<Answer> {
    return probe(this.#address('/api/v1/widget/contact/set_user'), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'x-auth-token': session },
      body: JSON.stringify(user),
      timeout: this.#timeout,
    });
  }

  #address(path: string): string {
    return `${this.#baseUrl}${path}?${new URLSearchParams({ website_token: this.#websiteToken })}`;
  }
}

/** The token of the visitor's session, which Chatwoot prints into the page of the widget. */
export function sessionIn({ text }: Answer): string | undefined {
  return /\bauthToken["']?\s*[:=]\s*["']([\w.-]+)["']/.exec(text)?.[1];
}
