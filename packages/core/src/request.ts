/** Request headers: Node's record with lower-case names, or an object with the `get()` of a web `Headers`. */
export type RequestHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/**
 * The parts of a request that this package reads. The `req` of Express, Node and the Pages API, Koa's `ctx`, a web
 * `Request` and `{ headers: await headers() }` can be passed as they are.
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
  /** The host that the browser requested, with its port. Needed for a web `Headers`, which cannot contain `:authority`. */
  readonly authority?: string;
  /** The request objects that the app receives, if they are not this object. */
  readonly received?: readonly RequestLike[];
}

/** A request header by its lower-case name; repeated headers are joined with commas, as in HTTP. */
export function header(request: RequestLike, name: string): string | undefined {
  const { headers } = request;
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const value = (headers as Record<string, string | readonly string[] | undefined>)[name];
  return typeof value === 'object' ? value.join(', ') : value;
}
