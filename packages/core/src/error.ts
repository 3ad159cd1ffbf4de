/**
 * What went wrong at run time. Codes are stable: match on them, not on messages.
 *
 * - `identifier_type`: not a string, a safe integer or a bigint
 * - `identifier_blank`: empty or nothing but white space
 * - `identifier_placeholder`: what a missing value turns into, such as `"undefined"` or `"[object Object]"`
 * - `identifier_number`: a number that JSON or Ruby would write differently
 * - `identifier_length`: over 255 characters
 * - `identifier_malformed`: NUL or half of a surrogate pair
 * - `contact_invalid`: an unknown field or a field of the wrong type
 * - `inbox_invalid`: the `inbox` function returned no usable inbox for this request
 */
export type ChatwootIdentityErrorCode =
  | 'identifier_type'
  | 'identifier_blank'
  | 'identifier_placeholder'
  | 'identifier_number'
  | 'identifier_length'
  | 'identifier_malformed'
  | 'contact_invalid'
  | 'inbox_invalid';

const BRAND = Symbol.for('@chatwoot-identity/core/error');

/**
 * Run-time misuse: the app handed over something that must not be signed.
 *
 * `status`, `statusCode`, `expose` and `headers` are what the default error handlers of Express and Koa read,
 * so an unhandled one becomes a bare 500 that no cache keeps. The message tells the developer how to mend the
 * cause; it never holds a token, a hash or the contact's data.
 *
 * @example
 * app.use((error, req, res, next) => {
 *   if (error instanceof ChatwootIdentityError) log.warn({ code: error.code }, error.message);
 *   next(error);
 * });
 */
export class ChatwootIdentityError extends Error {
  override readonly name = 'ChatwootIdentityError';
  readonly code: ChatwootIdentityErrorCode;
  readonly status = 500;
  readonly statusCode = 500;
  readonly expose = false;
  readonly headers: Readonly<Record<string, string>> = { 'Cache-Control': 'private, no-store' };

  constructor(code: ChatwootIdentityErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Recognises the error by a brand: a process that loads ES modules and CommonJS has two copies of this class. */
  static override [Symbol.hasInstance](value: unknown): value is ChatwootIdentityError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
