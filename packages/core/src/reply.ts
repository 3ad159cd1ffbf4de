/** A complete HTTP response, for an adapter to send. */
export interface Reply {
  /** The HTTP status. */
  readonly status: number;
  /** The response headers by their names. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, empty for HEAD and for statuses without a body. */
  readonly body: string;
}

/** An RFC 9457 problem, the body of the endpoint's error responses. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** Says how to fix the problem. Public: every client can read it. */
  readonly detail: string;
}
