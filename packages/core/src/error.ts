/**
 * The cause of a run-time error. Codes are stable: match on them, not on messages.
 *
 * - `identifier_type`: not a string, a safe integer or a bigint
 * - `identifier_blank`: empty or only white space
 * - `identifier_placeholder`: the text of a missing value, such as `"undefined"` or `"[object Object]"`
 * - `identifier_number`: a number that JSON or Ruby would write differently
 * - `identifier_length`: over 255 characters
 * - `identifier_malformed`: contains NUL or a lone surrogate
 * - `contact_invalid`: an unknown field or a field of the wrong type
 * - `contact_failed`: `contact` or `inbox` threw or rejected with something that is not an Error
 * - `profile_too_long`: a name was shortened or an e-mail address left out; only `onError` receives it
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
  | 'contact_failed'
  | 'profile_too_long'
  | 'inbox_invalid';

const BRAND = Symbol.for('chatwoot-identity.error');

/**
 * Run-time misuse: the app returned a value that must not be signed.
 *
 * The default error handlers of Express and Koa read `status`, `statusCode`, `expose` and `headers`, so an unhandled
 * error becomes a bare 500 that no cache stores. The message tells the developer how to fix the cause; it never
 * contains a token, a hash or the contact's data.
 *
 * @example
 * try {
 *   identifierHash(process.env.CHATWOOT_HMAC_TOKEN, user.id);
 * } catch (error) {
 *   if (error instanceof ChatwootIdentityError) log.warn({ code: error.code }, error.message);
 *   throw error;
 * }
 */
export class ChatwootIdentityError extends Error {
  /** Always `ChatwootIdentityError`. */
  override readonly name = 'ChatwootIdentityError';
  /** The cause. */
  readonly code: ChatwootIdentityErrorCode;
  /** The HTTP status that Express and Koa respond with. */
  readonly status = 500;
  /** The same as `status`, under the name that older middleware reads. */
  readonly statusCode = 500;
  /** Koa does not send the message to the client. */
  readonly expose = false;
  /** Headers for the error response: no cache may store it. */
  readonly headers: Readonly<Record<string, string>> = { 'Cache-Control': 'private, no-store' };

  /**
   * @param code the cause
   * @param message what is wrong and how to fix it, without a token, a hash or personal data
   * @param options the error that caused this one, as `cause`
   */
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
