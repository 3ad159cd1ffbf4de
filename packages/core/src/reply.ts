/** An HTTP response as a value: an adapter only has to write it. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for HEAD and for statuses without a body. */
  readonly body: string;
}

/** An RFC 9457 problem, as the endpoint answers them. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  /** Says how to fix it. Every client can read it. */
  readonly detail: string;
}
