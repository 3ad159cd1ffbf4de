/**
 * What went wrong, for programs:
 * - `KEYS_UNAVAILABLE`: the JWKS can't be fetched, or holds no usable key, so nobody can be told signed in from signed out;
 * - `IDENTIFIER_MISSING`: a good token without the claim that names the user;
 * - `REQUEST_INVALID`: the reader was called with something that has no headers.
 */
export type JwtSessionErrorCode = 'KEYS_UNAVAILABLE' | 'IDENTIFIER_MISSING' | 'REQUEST_INVALID';

/**
 * The one error a reader throws. Its message never holds a token or a claim's value; `status` is what Express, Koa
 * and others answer with.
 */
export class JwtSessionError extends Error {
  override readonly name = 'JwtSessionError';
  readonly status = 500;
  readonly code: JwtSessionErrorCode;

  constructor(code: JwtSessionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
