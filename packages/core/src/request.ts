/** Request headers: Node's record with lower-case names, or anything with a web `Headers`' `get()`. */
export type RequestHeaders =
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get(name: string): string | null };

/**
 * The little that has to be known of a request. Express' and Node's `req`, Koa's `ctx`, a web `Request`, a
 * pages-API `req` and `{ headers: await headers() }` fit as they are.
 */
export interface RequestLike {
  /** GET when left out. */
  readonly method?: string | undefined;
  readonly headers: RequestHeaders;
}

/** What an adapter hands over: its framework's own request. */
export interface AdapterRequest extends RequestLike {
  /** The host that the browser asked, without a port. */
  readonly hostname?: string;
}

/** A request header by its lower-case name; repeated ones are joined as HTTP does. */
export function header(request: RequestLike, name: string): string | undefined {
  const { headers } = request;
  if (typeof headers.get === 'function') return headers.get(name) ?? undefined;
  const value = (headers as Record<string, string | readonly string[] | undefined>)[name];
  return typeof value === 'object' ? value.join(', ') : value;
}
