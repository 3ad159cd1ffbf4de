import { problemWithHmacToken } from '@chatwoot-identity/core/internal';
import { type Answer, probe } from './probe.js';

/** Where an identity endpoint is, and what is known about it. */
export interface EndpointAuditOptions {
  /** The address of the running endpoint, for example `http://localhost:3000/chatwoot/identity`. */
  url: string | URL;
  /**
   * Request headers that carry a signed-in session, for example `{ cookie: 'connect.sid=...' }`.
   * Without them, the audits that need somebody signed in are left out.
   */
  session?: Readonly<Record<string, string>> | undefined;
  /** The HMAC token of the inbox. Without it, the audits that need it are left out. */
  hmacToken?: string | undefined;
  /**
   * How long each answer may take, in milliseconds.
   * @default 10000
   */
  timeout?: number | undefined;
}

/** One request to the endpoint. */
export interface Question {
  readonly method?: string;
  /** Ask as the signed-in user. */
  readonly signedIn?: boolean;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The endpoint under audit. */
export class AuditedEndpoint {
  readonly hmacToken: string;
  readonly #url: URL;
  readonly #session: Readonly<Record<string, string>> | undefined;
  readonly #timeout: number | undefined;

  constructor({ url, session, hmacToken = '', timeout }: EndpointAuditOptions) {
    if (!URL.canParse(String(url)) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new TypeError(
        'url must be the http(s) address of the endpoint, for example "http://localhost:3000/chatwoot/identity".',
      );
    }
    const problem = hmacToken && problemWithHmacToken('hmacToken', hmacToken);
    if (problem) throw new TypeError(problem);
    this.#url = new URL(url);
    this.#session = session;
    this.#timeout = timeout;
    this.hmacToken = hmacToken;
  }

  /** Origins of others that a careless comparison takes for the endpoint's own. */
  get lookalikes(): string[] {
    const { hostname } = this.#url;
    return [`https://${hostname}.attacker.example`, `https://attacker-${hostname}`];
  }

  ask({ method = 'GET', signedIn = false, query, headers: own = {} }: Question = {}): Promise<Answer> {
    const url = new URL(this.#url);
    if (query) url.search += (url.search ? '&' : '?') + query;
    const headers = new Headers(signedIn ? this.#session : {});
    for (const [name, value] of Object.entries(own)) {
      const cookies = name === 'cookie' && headers.get('cookie');
      headers.set(name, cookies ? `${cookies}; ${value}` : value);
    }
    return probe(url, { method, headers, timeout: this.#timeout });
  }

  /** Asks as nobody and, where there is a session, as the signed-in user too. */
  async askAsEverybody(question: Question = {}): Promise<{ whom: string; answer: Answer }[]> {
    const nobody = { whom: 'nobody', answer: await this.ask(question) };
    if (this.#session === undefined) return [nobody];
    return [nobody, { whom: 'a signed-in user', answer: await this.ask({ ...question, signedIn: true }) }];
  }

  /** What the signed-in user gets. */
  async identity(): Promise<Record<string, unknown>> {
    const answer = await this.ask({ signedIn: true });
    if (answer.status !== 200) {
      const advice =
        answer.status >= 500
          ? "The app's log says why."
          : "Is the session still valid? Is the middleware mounted after the session's?";
      throw new Error(`The signed-in user gets ${answer.status} instead of 200. ${advice}`);
    }
    const identity = jsonOf(answer);
    if (!identity)
      throw new Error('The answer to the signed-in user is no JSON object of type application/json.');
    return identity;
  }
}

/** The JSON object in an answer, if it is one and says so. */
export function jsonOf({ headers, text }: Answer): Record<string, unknown> | undefined {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
