/**
 * The cause of an error. Codes are stable: match on them, not on messages.
 *
 * - `keys_unavailable`: the JWKS cannot be fetched or contains no usable key, so no token can be checked
 * - `identifier_missing`: a valid token lacks the claim with the user's id
 * - `request_invalid`: the argument of the reader has no headers
 */
export type JwtSessionErrorCode = 'keys_unavailable' | 'identifier_missing' | 'request_invalid';

const BRAND = Symbol.for('chatwoot-identity.jwt-error');

/**
 * The only error that a session reader throws.
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
  /** The cause. */
  readonly code: JwtSessionErrorCode;
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
   * @param message what is wrong and how to fix it, without a token or the value of a claim
   * @param options the error that caused this one, as `cause`
   */
  constructor(code: JwtSessionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Recognises the error by a brand: a process that loads ES modules and CommonJS has two copies of this class. */
  static override [Symbol.hasInstance](value: unknown): value is JwtSessionError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
