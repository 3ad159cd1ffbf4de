/** A complete HTTP response, which the adapter or the app sends. */
export interface Reply {
  /** The HTTP status. */
  readonly status: number;
  /** The response headers, by name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The response body, which is empty for HEAD requests and for statuses without a body. */
  readonly body: string;
}

/** An RFC 9457 problem: the body of each error response of the identity endpoint. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** An explanation of how to fix the problem, without secrets, because every client can read it. */
  readonly detail: string;
}
