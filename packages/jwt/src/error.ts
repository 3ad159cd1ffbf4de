/**
 * The code of a `JwtSessionError`. Codes are stable: compare codes, not messages.
 *
 * - `keys_unavailable`: the JSON Web Key Set cannot be fetched or contains no usable key, so no token can be verified
 * - `identifier_missing`: a valid token lacks the claim with the user's id
 * - `request_invalid`: the argument of the session reader has no headers
 */
export type JwtSessionErrorCode = 'keys_unavailable' | 'identifier_missing' | 'request_invalid';

const BRAND = Symbol.for('chatwoot-identity.jwt-error');

/**
 * The class of every error that a session reader throws.
 *
 * The default error handlers of Express and Koa read `status`, `statusCode`, `expose` and `headers`. The message never
 * contains a token or the value of a claim.
 *
 * @example
 * try {
 *   const claims = await session(req);
 * } catch (error) {
 *   if (error instanceof JwtSessionError && error.code === 'keys_unavailable') res.sendStatus(503);
 *   else throw error;
 * }
 */
export class JwtSessionError extends Error {
  /** Always `JwtSessionError`. */
  override readonly name = 'JwtSessionError';
  /** The code of the error. */
  readonly code: JwtSessionErrorCode;
  /** The HTTP status that Express and Koa respond with. */
  readonly status = 500;
  /** The same value as `status`, for older middleware that reads `statusCode`. */
  readonly statusCode = 500;
  /** Always false, so that Koa does not send the message to the client. */
  readonly expose = false;
  /** Headers for the error response, which no cache may store. */
  readonly headers: Readonly<Record<string, string>> = { 'Cache-Control': 'private, no-store' };

  /**
   * @param code the code of the error
   * @param message the problem and its solution, without a token or the value of a claim
   * @param options the underlying error, as `cause`
   */
  constructor(code: JwtSessionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /**
   * Returns true for an instance of any copy of this class. A process that loads this package both as an ES module
   * and as CommonJS has two copies of the class.
   */
  static override [Symbol.hasInstance](value: unknown): value is JwtSessionError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
