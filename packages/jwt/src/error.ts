/**
 * What went wrong. Codes are stable: match on them, not on messages.
 *
 * - `keys_unavailable`: the JWKS can't be fetched or holds no usable key, so signed in can't be told from signed out
 * - `identifier_missing`: a good token lacks the claim that names the user
 * - `request_invalid`: the reader was called with something that has no headers
 */
export type JwtSessionErrorCode = 'keys_unavailable' | 'identifier_missing' | 'request_invalid';

const BRAND = Symbol.for('chatwoot-identity.jwt-error');

/**
 * The one error a session reader throws.
 *
 * `status`, `statusCode`, `expose` and `headers` are what the default error handlers of Express and Koa read. The
 * message never holds a token or a claim's value.
 */
export class JwtSessionError extends Error {
  override readonly name = 'JwtSessionError';
  readonly code: JwtSessionErrorCode;
  readonly status = 500;
  readonly statusCode = 500;
  readonly expose = false;
  readonly headers: Readonly<Record<string, string>> = { 'Cache-Control': 'private, no-store' };

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
