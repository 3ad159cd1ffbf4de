/**
 * The cause of a run-time error. Error codes are stable, but error messages are not, so compare the code.
 *
 * - `identifier_type`: the identifier is not a string, a number or a bigint
 * - `identifier_blank`: the identifier is empty or contains only white space
 * - `identifier_placeholder`: the identifier is the text of a missing value, such as `"undefined"` or
 *   `"[object Object]"`
 * - `identifier_number`: the identifier is a number but not a safe integer, so JSON or Ruby could write it
 *   differently
 * - `identifier_length`: the identifier has more than 255 characters
 * - `identifier_malformed`: the identifier contains NUL or a lone surrogate
 * - `contact_invalid`: the contact is not an object, has an unknown field, or has a field of the wrong type
 * - `contact_failed`: `contact` or `inbox` threw or rejected with a value that is not an Error
 * - `profile_too_long`: a name was shortened or an e-mail address was left out; only `onError` receives this
 *   error
 * - `inbox_invalid`: the `inbox` function returned an unusable inbox for this request
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
 * The error for misuse at run time: the app returned a value that must not be signed.
 *
 * The default error handlers of Express and Koa read `status`, `statusCode`, `expose` and `headers`. An
 * unhandled error therefore becomes a plain 500 response that no cache may store. The error message tells the
 * developer how to fix the cause, and never contains a token, a hash or the contact's data.
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
  /** The name of the error: always `ChatwootIdentityError`. */
  override readonly name = 'ChatwootIdentityError';
  /** The cause of the error. */
  readonly code: ChatwootIdentityErrorCode;
  /** The HTTP status that Express and Koa respond with. */
  readonly status = 500;
  /** The same as `status`, under the name that older middleware reads. */
  readonly statusCode = 500;
  /** False, so that Koa does not send the message to the client. */
  readonly expose = false;
  /** Headers that prevent every cache from storing the error response. */
  readonly headers: Readonly<Record<string, string>> = { 'Cache-Control': 'private, no-store' };

  /**
   * @param code the cause of the error
   * @param message what is wrong and how to fix it, without a token, a hash or personal data
   * @param options `cause`: the error that caused this error
   */
  constructor(code: ChatwootIdentityErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /**
   * Tests for a brand instead of the prototype, because a process that loads both ES modules and CommonJS has
   * two copies of this class.
   */
  static override [Symbol.hasInstance](value: unknown): value is ChatwootIdentityError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
