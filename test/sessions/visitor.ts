/** A minimal browser that stores cookies and follows redirects. */
export class Visitor {
  readonly #origin: string;
  readonly #cookies = new Map<string, Map<string, string>>();
  /** The bearer token that every request to the app contains. */
  token: string | undefined;

  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Requests a path or a URL and follows redirects. */
  async get(path: string): Promise<Response> {
    let url = new URL(path, this.#origin);
    for (let redirects = 0; redirects < 10; redirects++) {
      const response = await this.#send(url, {});
      const location = response.headers.get('location');
      if (!location) return response;
      await response.body?.cancel();
      url = new URL(location, url);
    }
    throw new Error(`too many redirects, the last to ${url.pathname}`);
  }

  /** Sends a form with POST. */
  post(path: string, form: Record<string, string> = {}): Promise<Response> {
    return this.#send(new URL(path, this.#origin), { method: 'POST', body: new URLSearchParams(form) });
  }

  /** Sends a value as JSON with POST. */
  postJson(path: string, value: unknown): Promise<Response> {
    const headers = { 'Content-Type': 'application/json' };
    return this.#send(new URL(path, this.#origin), { method: 'POST', headers, body: JSON.stringify(value) });
  }

  /** Requests the identity from the endpoint. Resolves with null for an anonymous visitor. */
  async identity(query = ''): Promise<Record<string, unknown> | null> {
    const response = await this.get(`/chatwoot/identity${query}`);
    const body = (await response.json()) as Record<string, unknown>;
    if (response.status === 200) return body;
    if (response.status === 401 && !JSON.stringify(body).includes('identifier')) return null;
    throw new Error(`the identity endpoint responded with ${response.status}`);
  }

  /** Returns a visitor with modified copies of the cookies and the token. */
  forged(): Visitor {
    const forged = new Visitor(this.#origin);
    for (const [host, cookies] of this.#cookies) {
      forged.#cookies.set(host, new Map([...cookies].map(([name, value]) => [name, forge(value)])));
    }
    forged.token = this.token && forge(this.token);
    return forged;
  }

  /** Returns a visitor with copies of the cookies and the token. */
  copy(): Visitor {
    const copy = new Visitor(this.#origin);
    for (const [host, cookies] of this.#cookies) copy.#cookies.set(host, new Map(cookies));
    copy.token = this.token;
    return copy;
  }

  async #send(url: URL, init: RequestInit): Promise<Response> {
    const cookies = this.#cookies.get(url.host) ?? new Map<string, string>();
    const headers = new Headers(init.headers);
    headers.set('Origin', url.origin);
    if (cookies.size > 0) headers.set('Cookie', [...cookies].map((pair) => pair.join('=')).join('; '));
    if (this.token && url.origin === this.#origin) headers.set('Authorization', `Bearer ${this.token}`);
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) keep(cookies, line);
    this.#cookies.set(url.host, cookies);
    return response;
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = '', attributes = ''] = /^([^=]*)=([^;]*)(.*)$/s.exec(line) ?? [];
  const expires = /; *expires=([^;]*)/i.exec(attributes)?.[1];
  const isGone = /; *max-age=(?:0|-)/i.test(attributes) || (expires && Date.parse(expires) <= Date.now());
  if (isGone) cookies.delete(name);
  else cookies.set(name, value);
}

// Changes a character in the middle, because the last character of base64 may contain bits that decoders ignore. Does
// not change a URL, because Auth.js stores a URL in a cookie and fails if it is not valid.
function forge(value: string): string {
  if (value.startsWith('http')) return value;
  const middle = Math.floor(value.length / 2);
  return value.slice(0, middle) + (value[middle] === 'A' ? 'B' : 'A') + value.slice(middle + 1);
}
