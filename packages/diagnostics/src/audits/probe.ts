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
   * How long the whole response may take, in milliseconds.
   * @default 10000
   */
  readonly timeout?: number | undefined;
  /**
   * The longest body that is read, in bytes.
   * @default 1048576
   */
  readonly longest?: number | undefined;
}

/** A request without a complete response. The message is one line that says how to fix it, and names only the host. */
export class ProbeError extends Error {
  /** Always `ProbeError`. */
  override readonly name = 'ProbeError';
}

/**
 * Sends one request. Does not follow redirects, and limits the time and the length of the response.
 *
 * @param url the address
 * @param options the request, and the limits of the response
 * @returns the complete response
 * @throws {ProbeError} if there is no complete response, with the reason in one line
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
        `${new URL(url).host}: The answer is longer than ${megabytes(longest)}. Is the address right?`,
      );
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /includes credentials/,
    'Leave name and password out of the address, and send them as a header: Authorization: Basic ...',
  ],
  [/^ECONNREFUSED$/, 'Nothing is listening there. Start the server, or check host and port.'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'Host not found. Check the spelling, and the network.'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'The host is unreachable. Check the address, and the network.'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'The connection was closed before the answer was complete.'],
  [/^bad port$/, 'This port belongs to another protocol, and browsers refuse it. Use another one.'],
  [
    /SSL|TLS|CERT|SIGNATURE|CRL/,
    'TLS failed. Check http or https, and trust your own CA with NODE_EXTRA_CA_CERTS.',
  ],
  [/^UND_ERR_(HEADERS|INFO|RES)|^HPE_/, 'The answer is not valid HTTP.'],
  [/INVALID_ARG/, 'A header contains characters that HTTP does not allow.'],
];

function reasonOf(error: unknown, timeout: number): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `No answer within ${seconds(timeout)}.`;
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
