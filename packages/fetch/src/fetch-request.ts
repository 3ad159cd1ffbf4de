import type { AdapterRequest, RequestHeaders } from '@chatwoot-identity/core/internal';

/** Request headers that core may change: they must not match the ETag of a page with other markup. */
const CONDITIONAL = ['if-match', 'if-none-match', 'if-modified-since'];

/** A web request as core reads it, with the app's context. */
export class FetchRequest<Context> implements AdapterRequest {
  readonly request: Request;
  readonly context: Context;
  readonly method: string;
  readonly pathname: string;
  readonly headers: RequestHeaders;
  /** A copy of the headers of a conditional request, which core may change: those of a web request are immutable. */
  readonly #conditional: Record<string, string | undefined> | undefined;
  received: readonly [Request] | readonly [Request, Request];

  constructor(request: Request, context: Context) {
    const { headers, method, url } = request;
    this.request = request;
    this.context = context;
    this.method = method;
    this.pathname = pathOf(url);
    if (CONDITIONAL.some((name) => headers.has(name))) this.#conditional = Object.fromEntries(headers);
    this.headers = this.#conditional ?? headers;
    this.received = [request];
  }

  get hostname(): string {
    return new URL(this.request.url).hostname;
  }

  get authority(): string {
    return this.request.headers.get('host') ?? new URL(this.request.url).host;
  }

  /** The request for the app: the same one, unless core has changed its headers. */
  forward(): Request {
    const { request } = this;
    const left = this.#conditional;
    if (!left || CONDITIONAL.every((name) => left[name] === (request.headers.get(name) ?? undefined)))
      return request;
    const headers = new Headers(request.headers);
    for (const name of CONDITIONAL) {
      const value = left[name];
      if (value === undefined) headers.delete(name);
      else headers.set(name, value);
    }
    // Created from the URL, because srvx has its own request class, which `new Request(request)` rejects.
    const forwarded = new Request(new Request(request.url, request), { headers });
    keepExtras(request, forwarded);
    this.received = [request, forwarded];
    return forwarded;
  }
}

/** Gives a copy of a request what the server has added to the original, such as `ip` and `waitUntil` of srvx. */
function keepExtras(original: Request, copy: Request): void {
  let source: object | null = original;
  while (source && source !== Request.prototype && source !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(source)) {
      if (name in copy) continue;
      const get = () => {
        const value: unknown = original[name as keyof Request];
        return typeof value === 'function' ? value.bind(original) : value;
      };
      const set = (value: unknown) => void Reflect.set(original, name, value);
      Object.defineProperty(copy, name, { get, set, configurable: true, enumerable: true });
    }
    source = Object.getPrototypeOf(source);
  }
}

/** Faster than `new URL()`, and enough: the URL of a request is already normalised. */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.slice(start).search(/[?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end);
}
