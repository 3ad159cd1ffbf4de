import { problemWithHmacToken } from '@chatwoot-identity/core/internal';
import { demand, NotJudged } from './audit.js';
import { type Answer, probe } from './probe.js';

/** The address of an identity endpoint, and the secrets that the audits may use. */
export interface EndpointAuditOptions {
  /** The address of the running endpoint, for example `http://localhost:3000/chatwoot/identity`. */
  url: string | URL;
  /**
   * Request headers of a signed-in session, for example `{ cookie: 'connect.sid=...' }`. Without a session, the
   * audits that need a signed-in user are left out.
   */
  session?: Readonly<Record<string, string>> | undefined;
  /** The HMAC token of the inbox. Without the token, the audits that need it are left out. */
  hmacToken?: string | undefined;
  /**
   * The time limit for each response, in milliseconds.
   * @default 10000
   */
  timeout?: number | undefined;
}

/** One request to the endpoint. */
export interface Question {
  readonly method?: string;
  /** Whether to send the request as the signed-in user. */
  readonly signedIn?: boolean;
  /** The address to request. If left out, this is the address of the endpoint. */
  readonly url?: URL;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The sender of a request. */
export type Visitor = 'an anonymous visitor' | 'a signed-in user';

/** The endpoint under audit. */
export class AuditedEndpoint {
  readonly url: URL;
  readonly hmacToken: string;
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
    this.url = new URL(url);
    this.#session = session;
    this.#timeout = timeout;
    this.hmacToken = hmacToken;
  }

  /**
   * Returns origins that resemble the origin of the endpoint. A careless comparison would accept these origins.
   */
  get lookalikes(): string[] {
    const { hostname } = this.url;
    return [`https://${hostname}.attacker.example`, `https://attacker-${hostname}`];
  }

  /**
   * Returns the possible senders of a request: an anonymous visitor and, if there is a session, the signed-in
   * user.
   */
  get visitors(): Visitor[] {
    return this.#session === undefined
      ? ['an anonymous visitor']
      : ['an anonymous visitor', 'a signed-in user'];
  }

  async ask(question: Question = {}): Promise<Answer> {
    const { method = 'GET', signedIn = false, query, headers: own = {}, body } = question;
    const url = new URL(question.url ?? this.url);
    if (query) url.search += (url.search ? '&' : '?') + query;
    const headers = new Headers(signedIn ? this.#session : {});
    for (const [name, value] of Object.entries(own)) {
      const cookies = name === 'cookie' && headers.get('cookie');
      headers.set(name, cookies ? `${cookies}; ${value}` : value);
    }
    const answer = await probe(url, { method, headers, timeout: this.#timeout, ...(body && { body }) });
    if (answer.status === 429)
      throw new NotJudged('The app limits the requests (429). Turn its rate limit off for this check.');
    return answer;
  }

  /** Sends the request as an anonymous visitor and, if there is a session, again as the signed-in user. */
  async askAsEveryone(question: Question = {}): Promise<{ visitor: Visitor; answer: Answer }[]> {
    const answers = [];
    for (const visitor of this.visitors)
      answers.push({ visitor, answer: await this.askAs(visitor, question) });
    return answers;
  }

  askAs(visitor: Visitor, question: Question = {}): Promise<Answer> {
    return this.ask({ ...question, signedIn: visitor === 'a signed-in user' });
  }

  /**
   * Returns the JSON object that the endpoint sends to the signed-in user. Fails the audit if the response is
   * not a JSON object.
   */
  async identity(): Promise<Record<string, unknown>> {
    const answer = await this.ask({ signedIn: true });
    const refused = `The signed-in user gets ${answer.status} instead of 200.`;
    demand(answer.status < 500, `${refused} Look for the error in the app's log.`);
    if (answer.status !== 200) demand(false, `${refused} ${await this.#adviceOnRefusal()}`);
    const identity = jsonOf(answer);
    demand(
      identity !== undefined,
      'The response to the signed-in user is not a JSON object of type application/json. Send the identity as JSON.',
    );
    return identity;
  }

  /**
   * Returns advice for a signed-in user who is refused. Recognises a NestJS app by its JSON response to an
   * unknown path.
   */
  async #adviceOnRefusal(): Promise<string> {
    const unknown = jsonOf(await this.ask({ url: new URL('/chatwoot-identity-audit-unknown', this.url) }));
    if (unknown?.statusCode === 404 && String(unknown.message).startsWith('Cannot GET ')) {
      return (
        'Is the session still valid? If it is: this is a NestJS app, whose guards run after middleware. ' +
        'If `contact` reads a `req.user` that a guard sets, read the session or verify the token in `contact` ' +
        'instead, or serve the identity from a controller behind the guard.'
      );
    }
    return (
      'Is the session still valid? Is the middleware mounted after the session middleware? Does `contact` read a ' +
      '`req.user` that is set later, such as by a guard of NestJS?'
    );
  }
}

/**
 * Parses the body of a response. Returns undefined if the Content-Type of the response is not JSON, or if its
 * body is not a JSON object.
 */
export function jsonOf({ headers, text }: Answer): Record<string, unknown> | undefined {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
