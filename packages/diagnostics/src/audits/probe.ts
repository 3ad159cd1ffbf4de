/** What a probed server answered, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How {@link probe} asks. */
export interface ProbeOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string;
  /**
   * How long the whole answer may take, in milliseconds.
   * @default 10000
   */
  readonly timeout?: number | undefined;
}

/** Nothing that is probed here has a longer body. */
const LONGEST_BODY = 1024 * 1024;

/** A request that brought no answer. The message is one line, says what to do, and holds nothing of the request but the host. */
export class ProbeError extends Error {
  override readonly name = 'ProbeError';
}

/**
 * Asks a server once: follows no redirect, gives up on time, and reads no more than a megabyte.
 *
 * @param url where to ask
 * @throws {ProbeError} when there is no whole answer, saying why in one line
 * @example
 * const { status, headers, text } = await probe('https://shop.example.com/chatwoot/identity', { method: 'HEAD' });
 */
export async function probe(url: string | URL, options: ProbeOptions = {}): Promise<Answer> {
  const { timeout = 10_000, ...request } = options;
  try {
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(url, { ...request, redirect: 'manual', signal });
    return { status: response.status, headers: response.headers, text: await bodyOf(response) };
  } catch (error) {
    if (error instanceof ProbeError) throw error;
    throw new ProbeError(`${new URL(url).host}: ${reasonOf(error, timeout)}`);
  }
}

async function bodyOf({ body, url }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.byteLength;
    if (length > LONGEST_BODY)
      throw new ProbeError(
        `${new URL(url).host}: The answer is longer than a megabyte. Is the address right?`,
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
  [/^ECONNREFUSED$/, 'Nothing listens there. Start the app, or check host and port.'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'There is no such host. Check the spelling, and the network.'],
  [/^(EHOSTUNREACH|ENETUNREACH)$/, 'There is no way to this host. Check the address, and the network.'],
  [/^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, 'The connection was closed before the answer was complete.'],
  [/^bad port$/, 'This port belongs to another protocol, and browsers refuse it. Use another one.'],
  [
    /SSL|TLS|CERT|SIGNATURE|CRL/,
    'TLS failed. Check http or https, and trust your own CA with NODE_EXTRA_CA_CERTS.',
  ],
  [/^UND_ERR_(HEADERS|INFO|RES)|^HPE_|^UND_ERR_RES/, 'The answer is no HTTP that can be read.'],
  [/INVALID_ARG/, 'A header holds characters that HTTP does not allow.'],
];

function reasonOf(error: unknown, timeout: number): string {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') return `No answer within ${timeout / 1000} seconds.`;
  const { code, message = '' } = (cause ?? error) as { code?: unknown; message?: string };
  const known = typeof code === 'string' ? code : message;
  const reason = REASONS.find(([pattern]) => pattern.test(known))?.[1];
  return reason ?? `The request failed${typeof code === 'string' ? ` (${code})` : ''}.`;
}
