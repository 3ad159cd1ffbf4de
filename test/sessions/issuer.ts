import { randomUUID } from 'node:crypto';
import express from 'express';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { type Running, serve } from './server.js';
import { ada, bob, type User } from './users.js';

/** A small OpenID provider with discovery, JWKS, the authorization code flow and access tokens for an API. */
export interface Issuer extends Running {
  /** The value of the `iss` claim. It ends with a slash, as with Auth0. */
  issuer: string;
  /** Creates an access token for an API, as a single-page app or a mobile app receives it. */
  accessToken(user: User, claims?: JWTPayload): Promise<string>;
  /** Replaces the signing key, and removes the old key from the JWKS. */
  rotate(): Promise<void>;
}

/** The audience of the access tokens. */
export const audience = 'https://api.example.com';

export async function startIssuer(): Promise<Issuer> {
  let key = await newKey();
  let issuer = '';

  const sign = (user: User, claims: JWTPayload) =>
    new SignJWT({ name: user.name, email: user.email, email_verified: true, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid! })
      .setIssuer(issuer)
      .setSubject(user.id)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(key.privateKey);

  const running = await serve((origin) => {
    issuer = `${origin}/`;
    const grants = new Map<string, { user: User; nonce: string; clientId: string }>();
    const app = express();
    app.get('/.well-known/openid-configuration', (_req, res) => {
      res.json({
        issuer,
        authorization_endpoint: `${origin}/authorize`,
        token_endpoint: `${origin}/oauth/token`,
        jwks_uri: `${origin}/.well-known/jwks.json`,
        response_types_supported: ['code'],
        response_modes_supported: ['query'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
      });
    });
    app.get('/.well-known/jwks.json', (_req, res) => {
      res.json({ keys: [key.jwk] });
    });
    // Signs a user in without a login page.
    app.get('/sign-in', (req, res) => {
      res.cookie('issuer_user', req.query.user, { httpOnly: true }).sendStatus(204);
    });
    app.get('/authorize', (req, res) => {
      const { redirect_uri, state, nonce, client_id } = req.query as Record<string, string>;
      const user = [ada, bob].find(({ id }) => req.headers.cookie?.includes(`issuer_user=${id}`));
      const code = randomUUID();
      if (user) grants.set(code, { user, nonce: nonce!, clientId: client_id! });
      const answer = new URLSearchParams({
        state: state!,
        ...(user ? { code } : { error: 'login_required' }),
      });
      res.redirect(`${redirect_uri}?${answer}`);
    });
    app.post('/oauth/token', express.urlencoded(), async (req, res) => {
      const grant = grants.get(req.body.code);
      grants.delete(req.body.code);
      if (!grant) return void res.status(400).json({ error: 'invalid_grant' });
      const { user, nonce, clientId } = grant;
      res.json({
        token_type: 'Bearer',
        expires_in: 3600,
        access_token: await sign(user, { aud: audience }),
        id_token: await sign(user, { aud: clientId, nonce }),
      });
    });
    return app;
  });

  return {
    ...running,
    issuer,
    accessToken: (user, claims = {}) => sign(user, { aud: audience, ...claims }),
    async rotate() {
      key = await newKey();
    },
  };
}

async function newKey() {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: randomUUID(), use: 'sig', alg: 'RS256' };
  return { privateKey, jwk };
}
