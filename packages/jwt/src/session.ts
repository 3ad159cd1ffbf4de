import { debuglog } from 'node:util';
import type { JWTPayload } from 'jose';
import { JwtSessionError } from './error.js';
import { type KeySource, verificationKey } from './key.js';
import { type RequestLike, readToken, type TokenPlace } from './request.js';
import { type Expectations, isRefusal, verifyToken } from './verify.js';

/** Options of {@link jwtSession}: the keys, the claims that a token must have, and the header or cookie to read. */
export type JwtSessionOptions = KeySource & {
  /**
   * The accepted `iss` claim, exactly as in the token (Auth0's ends with `/`), or a list of accepted values. `false`
   * accepts only tokens without an `iss` claim.
   */
  readonly issuer: string | readonly string[] | false | undefined;
  /** The accepted `aud` claim, or a list of accepted values. `false` accepts only tokens without an `aud` claim. */
  readonly audience: string | readonly string[] | false | undefined;
  /**
   * The request header that contains the token. If omitted, the token is read from `authorization` or, if `cookie` is
   * set, only from the cookie. Headers other than `authorization` may contain the token without `Bearer`.
   */
  readonly header?: string;
  /**
   * The cookie that contains the token, whole or in chunks (`name.0`, `name.1`). A token in `header` takes
   * precedence.
   */
  readonly cookie?: string;
  /**
   * The tolerated difference between the clocks of the issuer and the server, in seconds from 0 to 300.
   * @default 0
   */
  readonly clockTolerance?: number;
};

/** A session reader. Returns the claims of a request's token, or null for an anonymous visitor. */
export type JwtSession<Claims = unknown> = (request: RequestLike) => Promise<(JWTPayload & Claims) | null>;

const optionNames: ReadonlySet<string> = new Set([
  'secret',
  'publicKey',
  'jwksUri',
  'algorithms',
  'issuer',
  'audience',
  'header',
  'cookie',
  'clockTolerance',
] satisfies (keyof JwtSessionOptions)[]);

const debug = debuglog('chatwoot-identity');

/**
 * Creates a session reader: a function that takes a request and returns the claims of its JSON Web Token. The reader
 * verifies the signature, the issuer, the audience and the validity period. The reader returns null for a request
 * without a token and for an invalid token. Set `NODE_DEBUG=chatwoot-identity` to log why a token is rejected.
 *
 * `issuer` and `audience` have no default. The keys of an issuer may sign tokens for many apps, and a token for another
 * app must not sign in a user of this app. `false` means that your tokens do not have the claim: a token that has the
 * claim is rejected (RFC 7519, section 4.1.3).
 *
 * @param options the keys, the claims that a token must have, and the header or cookie to read
 * @example
 * const session = jwtSession({
 *   jwksUri: 'https://example.eu.auth0.com/.well-known/jwks.json',
 *   algorithms: ['RS256'],
 *   issuer: 'https://example.eu.auth0.com/',
 *   audience: 'https://api.example.com',
 * });
 * const claims = await session(req);
 *
 * @returns the session reader. It rejects only with a {@link JwtSessionError}: `keys_unavailable` if the keys cannot be
 *   fetched, `request_invalid` if its argument is not a request.
 * @throws {TypeError} if an option is invalid; the message explains how to fix it
 */
export function jwtSession<Claims = unknown>(options: JwtSessionOptions): JwtSession<Claims> {
  if (typeof options !== 'object' || options === null) {
    throw new TypeError(
      'jwtSession takes an object with these options: secret, publicKey or jwksUri, algorithms, issuer and audience.',
    );
  }
  const unknown = Object.keys(options).find((name) => !optionNames.has(name));
  if (unknown) {
    throw new TypeError(
      `jwtSession: there is no option ${unknown}. Options: ${[...optionNames].join(', ')}.`,
    );
  }
  const key = verificationKey(options);
  const expected = expectations(options);
  const place = tokenPlace(options);

  return async (request) => {
    const token = readToken(request, place);
    if (!token) return null;
    try {
      return (await verifyToken(token, key, expected)) as JWTPayload & Claims;
    } catch (error) {
      if (!isRefusal(error, key)) {
        throw new JwtSessionError(
          'keys_unavailable',
          'The keys that verify session tokens are not available: jwksUri must respond with status 200 and a JSON Web Key Set of usable keys. See the cause of this error.',
          { cause: error },
        );
      }
      debug('token rejected: %s %s', error.code, 'claim' in error ? error.claim : '');
      return null;
    }
  };
}

function expectations({ algorithms, issuer, audience, clockTolerance }: JwtSessionOptions): Expectations {
  if (
    clockTolerance !== undefined &&
    !(Number.isFinite(clockTolerance) && clockTolerance >= 0 && clockTolerance <= 300)
  ) {
    throw new TypeError('jwtSession: clockTolerance must be a number of seconds from 0 to 300.');
  }
  return {
    algorithms: [...algorithms],
    ...(issuer !== false && { issuer: names('issuer', issuer) }),
    ...(audience !== false && { audience: names('audience', audience) }),
    ...(clockTolerance !== undefined && { clockTolerance }),
    absent: [...(issuer === false ? ['iss' as const] : []), ...(audience === false ? ['aud' as const] : [])],
  };
}

function names(option: 'issuer' | 'audience', value: string | readonly string[] | undefined): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || list.some((name) => typeof name !== 'string' || name === '')) {
    throw new TypeError(
      `jwtSession: ${option} has no default. Pass the ${option === 'issuer' ? 'iss' : 'aud'} claim of your tokens, or false if they have none.`,
    );
  }
  return [...list] as string[];
}

function tokenPlace({ header, cookie }: JwtSessionOptions): TokenPlace {
  for (const [option, name] of Object.entries({ header, cookie })) {
    // RFC 9110, section 5.6.2, defines the characters of header and cookie names.
    if (name !== undefined && !(typeof name === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(name))) {
      throw new TypeError(`jwtSession: ${option} must be the name of a ${option}.`);
    }
  }
  return { cookie, header: header?.toLowerCase() ?? (cookie === undefined ? 'authorization' : undefined) };
}
