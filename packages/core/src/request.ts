/**
 * Request headers: Node's object with lower-case names, or an object with the `get()` method of a web
 * `Headers`.
 */
export type RequestHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/**
 * The parts of a request that this package reads. You can directly pass the `req` of Express, Node or the
 * Next.js Pages API, Koa's `ctx`, a web `Request`, or `{ headers: await headers() }` in the Next.js App
 * Router.
 */
export interface RequestLike {
  /**
   * The HTTP method.
   * @default 'GET'
   */
  readonly method?: string | undefined;
  /** The request headers. */
  readonly headers: RequestHeaders;
}

/** The framework's request, as an adapter passes it to core. */
export interface AdapterRequest extends RequestLike {
  /** The host that the browser requested, without a port. */
  readonly hostname?: string;
  /**
   * The host that the browser requested, with its port. The adapter must set `authority` for a web `Headers`
   * object, because such an object cannot contain `:authority`.
   */
  readonly authority?: string;
  /** The request objects that the app receives, if the adapter passes a different object to core. */
  readonly received?: readonly RequestLike[];
}

/** Returns a request header by its lower-case name. Joins repeated headers with commas, as HTTP specifies. */
export function header(request: RequestLike, name: string): string | undefined {
  const { headers } = request;
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const value = (headers as Record<string, string | readonly string[] | undefined>)[name];
  return typeof value === 'object' ? value.join(', ') : value;
}
