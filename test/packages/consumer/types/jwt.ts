import type { KeyObject } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Contact, RequestLike as CoreRequestLike } from '@chatwoot-identity/core';
import {
  type AsymmetricAlgorithm,
  type ClaimNames,
  type JwtContact,
  type JwtSession,
  type JwtSessionError,
  type JwtSessionErrorCode,
  type JwtSessionOptions,
  jwtContact,
  jwtSession,
  type KeySource,
  type RequestLike,
  type SymmetricAlgorithm,
} from '@chatwoot-identity/jwt';
import { expectTypeOf } from 'expect-type';
import type { Request as ExpressRequest } from 'express';
import type { JWK, JWTPayload } from 'jose';
import type { Context } from 'koa';

expectTypeOf(jwtSession).toEqualTypeOf<
  <Claims = unknown>(options: JwtSessionOptions) => JwtSession<Claims>
>();
expectTypeOf(jwtContact).toEqualTypeOf<
  (session: JwtSession, claims?: ClaimNames) => (request: RequestLike) => Promise<JwtContact | null>
>();
expectTypeOf<ReturnType<JwtSession<{ plan: string }>>>().resolves.toEqualTypeOf<
  (JWTPayload & { plan: string }) | null
>();
expectTypeOf<JwtSession<{ plan: string }>>().toExtend<JwtSession>();
expectTypeOf<JwtContact>().toExtend<Contact>();
expectTypeOf<keyof ClaimNames>().toEqualTypeOf<keyof JwtContact>();

// A secret requires HMAC algorithms, and a public key requires other algorithms. Only one key source is
// allowed.
const rest = { issuer: false, audience: 'shop' } as const;
const hmac: JwtSessionOptions = { secret: 'a secret', algorithms: ['HS256'], ...rest };
const key: JwtSessionOptions = { publicKey: 'pem', algorithms: ['RS256', 'EdDSA'], ...rest };
const keys: JwtSessionOptions = {
  jwksUri: new URL('https://issuer.example/'),
  algorithms: ['ES256'],
  ...rest,
};
// @ts-expect-error: a public key with an HMAC algorithm
const confused: JwtSessionOptions = { publicKey: 'pem', algorithms: ['HS256'], ...rest };
// @ts-expect-error: two key sources
const both: JwtSessionOptions = { secret: 'a', publicKey: 'pem', algorithms: ['HS256'], ...rest };
// @ts-expect-error: audience must be set to a value or to false
const noAudience: JwtSessionOptions = { secret: 'a secret', algorithms: ['HS256'], issuer: false };

export { both, confused, hmac, key, keys, noAudience };

expectTypeOf<Extract<KeySource, { publicKey: unknown }>['publicKey']>()
  .extract<object>()
  .toEqualTypeOf<JWK | KeyObject>();

// The options may be environment variables, whose type includes undefined. The verifier refuses a missing
// variable at start-up.
const { JWT_SECRET: secret, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = process.env;
expectTypeOf(jwtSession).toBeCallableWith({ secret, algorithms: ['HS256'], issuer, audience });
expectTypeOf(jwtSession).toBeCallableWith({
  jwksUri: process.env.JWKS_URI,
  algorithms: ['RS256'],
  issuer,
  audience,
});
expectTypeOf<SymmetricAlgorithm>().toEqualTypeOf<'HS256' | 'HS384' | 'HS512'>();
expectTypeOf<SymmetricAlgorithm & AsymmetricAlgorithm>().toBeNever();

// The verifier accepts any object with headers.
expectTypeOf<ExpressRequest | Context | Request | IncomingMessage>().toExtend<RequestLike>();
expectTypeOf<{ headers: Headers }>().toExtend<RequestLike>();
expectTypeOf<RequestLike>().toExtend<CoreRequestLike>();

expectTypeOf<ConstructorParameters<typeof JwtSessionError>>().toEqualTypeOf<
  [code: JwtSessionErrorCode, message: string, options?: { cause?: unknown } | undefined]
>();
expectTypeOf<JwtSessionError>().toExtend<Error & { code: JwtSessionErrorCode; status: 500 }>();
