import type { AdapterRequest, RequestHeaders } from '@chatwoot-identity/core/internal';

/**
 * Conditional request headers, which the core package may change so that they do not match a page with different
 * markup.
 */
const CONDITIONAL = ['if-match', 'if-none-match', 'if-modified-since'];

/** A web request and the app's context, adapted to the request interface of the core package. */
export class FetchRequest<Context> implements AdapterRequest {
  readonly request: Request;
  readonly context: Context;
  readonly method: string;
  readonly pathname: string;
  readonly headers: RequestHeaders;
  /**
   * A copy of the headers if the request is conditional: core may change them, and the headers of a web request are
   * immutable.
   */
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

  /** Returns the request for the app: the original request, or a copy if core has changed its headers. */
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
    // Create the copy from the URL, because `new Request(request)` rejects the custom request class of srvx.
    const forwarded = new Request(new Request(request.url, request), { headers });
    keepExtras(request, forwarded);
    this.received = [request, forwarded];
    return forwarded;
  }
}

/**
 * Adds to a copy of a request the properties that the server added to the original, such as `ip` and `waitUntil` of
 * srvx.
 */
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

/**
 * Returns the path of a request URL. This function is faster than `new URL()`, and sufficient because request URLs
 * are normalised.
 */
function pathOf(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3);
  const end = url.slice(start).search(/[?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end);
}
