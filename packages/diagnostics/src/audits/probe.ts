/** The complete response of a probed server. */
export interface Answer {
  /** The HTTP status. */
  readonly status: number;
  /** The response headers. */
  readonly headers: Headers;
  /** The body. */
  readonly text: string;
}

/** The request that {@link probe} sends. */
export interface ProbeOptions {
  /**
   * The HTTP method.
   * @default 'GET'
   */
  readonly method?: string;
  /** The request headers. */
  readonly headers?: Readonly<Record<string, string>> | Headers;
  /** The request body. */
  readonly body?: string;
  /**
   * The time limit for the complete response, in milliseconds.
   * @default 10000
   */
  readonly timeout?: number | undefined;
  /**
   * The maximum length of the body, in bytes.
   * @default 1048576
   */
  readonly longest?: number | undefined;
}

/**
 * The error of a request without a complete response. The message is one line that explains the fix. The
 * message contains the host, but no other part of the address.
 */
export class ProbeError extends Error {
  /** Always `ProbeError`. */
  override readonly name = 'ProbeError';
}

/**
 * Sends one request. Does not follow redirects. Limits the time and the length of the response.
 *
 * @param url the address
 * @param options the request, and the limits for the response
 * @returns the complete response
 * @throws {ProbeError} if there is no complete response; the message is the reason in one line
 * @example
 * const { status, headers, text } = await probe('https://shop.example.com/chatwoot/identity', { method: 'HEAD' });
 */
export async function probe(url: string | URL, options: ProbeOptions = {}): Promise<Answer> {
  const { timeout = 10_000, longest = 1024 * 1024, ...request } = options;
  try {
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(url, { ...request, redirect: 'manual', signal });
    return { status: response.status, headers: response.headers, text: await bodyOf(response, longest) };
  } catch (error) {
    if (error instanceof ProbeError) throw error;
    throw new ProbeError(`${new URL(url).host}: ${reasonOf(error, timeout)}`);
  }
}

async function bodyOf({ body, url }: Response, longest: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > longest)
      throw new ProbeError(
        `${new URL(url).host}: The response is longer than ${megabytes(longest)}. Is the address right?`,
      );
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /includes credentials/,
    'Remove the name and password from the address, and send them as a header: Authorization: Basic ...',
  ],
  [/^ECONNREFUSED$/, 'The connection was refused. Start the server, or check the host and the port.'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'The host was not found. Check its spelling and the network.'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'The host is unreachable. Check the address and the network.'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'The connection was closed before the response was complete.'],
  [
    /^bad port$/,
    'This port is reserved for another protocol, so browsers and fetch refuse it. Use another port.',
  ],
  [
    /SSL|TLS|CERT|SIGNATURE|CRL/,
    'TLS failed. Check whether the address needs http or https. Trust your own CA with NODE_EXTRA_CA_CERTS.',
  ],
  [/^UND_ERR_(HEADERS|INFO|RES)|^HPE_/, 'The response is not valid HTTP.'],
  [/INVALID_ARG/, 'A header contains characters that HTTP does not allow.'],
];

function reasonOf(error: unknown, timeout: number): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `No response within ${seconds(timeout)}.`;
  const { code, message = '' } = (cause ?? error) as { code?: unknown; message?: string };
  const known = typeof code === 'string' ? code : message;
  const reason = REASONS.find(([pattern]) => pattern.test(known))?.[1];
  return reason ?? `The request failed${typeof code === 'string' ? ` (${code})` : ''}.`;
}

function seconds(milliseconds: number): string {
  return milliseconds === 1000 ? '1 second' : `${milliseconds / 1000} seconds`;
}

function megabytes(bytes: number): string {
  return `${bytes / 1024 / 1024} MB`;
}
