import { generateKeyPair, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type JwtSessionOptions, jwtSession } from './session.js';

// Do not use generateKeyPairSync, which can hang Node 20: garbage collection of its job object locks the key,
// possibly while the key is being read.
const keyPair = promisify(generateKeyPair);

const rsa = await keyPair('rsa', { modulusLength: 2048 });
const shortRsa = await keyPair('rsa', { modulusLength: 1024 });
const p256 = await keyPair('ec', { namedCurve: 'P-256' });
const p384 = await keyPair('ec', { namedCurve: 'P-384' });
const ed25519 = await keyPair('ed25519');
const spki = rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string;
const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }) as string;
const pkcs8 = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const secret = randomBytes(32);
const jwksUri = 'https://issuer.example/jwks.json';
const claims = { issuer: 'https://issuer.example/', audience: 'app' };

/** Returns a function that calls `jwtSession` with the given options, which TypeScript would reject. */
const start = (options: Record<string, unknown>) => () =>
  jwtSession({ ...claims, ...options } as unknown as JwtSessionOptions);

describe('jwtSession at start-up', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a secret', { secret, algorithms: ['HS256'] }],
    ['a secret as a string', { secret: secret.toString('hex'), algorithms: ['HS256', 'HS512'] }],
    ['a public key as PEM', { publicKey: spki, algorithms: ['RS256', 'PS512'] }],
    ['a public key as PKCS #1 PEM', { publicKey: pkcs1, algorithms: ['RS256'] }],
    ['a public key as a KeyObject', { publicKey: ed25519.publicKey, algorithms: ['EdDSA', 'Ed25519'] }],
    ['a public key as a JWK', { publicKey: p256.publicKey.export({ format: 'jwk' }), algorithms: ['ES256'] }],
    ['the URL of a JWKS as a string', { jwksUri, algorithms: ['RS256'] }],
    ['the URL of a JWKS as a URL object', { jwksUri: new URL(jwksUri), algorithms: ['RS256'] }],
    ['a JWKS on the local machine', { jwksUri: 'http://127.0.0.1:8080/jwks', algorithms: ['RS256'] }],
    ['a JWKS on the local machine over IPv6', { jwksUri: 'http://[::1]:8080/jwks', algorithms: ['RS256'] }],
    ['a JWKS in a container network', { jwksUri: 'http://keycloak:8080/jwks', algorithms: ['RS256'] }],
    ['issuer and audience set to false', { secret, algorithms: ['HS256'], issuer: false, audience: false }],
    [
      'several issuers and audiences',
      { jwksUri, algorithms: ['RS256'], issuer: ['a', 'b'], audience: ['c', 'd'] },
    ],
  ])('accepts %s', (_, options) => {
    expect(start(options)()).toBeTypeOf('function');
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['a missing key', { secret: undefined, algorithms: ['HS256'] }, /exactly one of .* environment variable/],
    [
      'two key sources',
      { secret, jwksUri, algorithms: ['HS256'] },
      /exactly one of .*given: secret, jwksUri/,
    ],
    ['missing algorithms', { secret }, /algorithms has no default/],
    ['an empty list of algorithms', { secret, algorithms: [] }, /algorithms has no default/],
    ['a string as algorithms', { secret, algorithms: 'HS256' }, /algorithms has no default/],
    ['the algorithm none', { secret, algorithms: ['none'] }, /'none', which lets anyone sign in/],
    [
      'the algorithm none in a list',
      { jwksUri, algorithms: ['RS256', 'none'] },
      /'none', which lets anyone sign in/,
    ],
    ['the algorithm None', { secret, algorithms: ['None'] }, /unknown algorithm/],
    ['an encryption algorithm', { jwksUri, algorithms: ['RSA-OAEP'] }, /unknown algorithm/],
    [
      'the name of a prototype property as algorithm',
      { jwksUri, algorithms: ['constructor'] },
      /unknown algorithm/,
    ],
    [
      'a secret with RS256',
      { secret, algorithms: ['HS256', 'RS256'] },
      /RS256, which needs publicKey or jwksUri/,
    ],
    [
      'a public key with HS256',
      { publicKey: spki, algorithms: ['RS256', 'HS256'] },
      /HS256, which needs a secret/,
    ],
    ['a JWKS with HS256', { jwksUri, algorithms: ['HS256'] }, /HS256, which needs a secret/],
    ['a public key as secret', { secret: spki, algorithms: ['HS256'] }, /secret is a PEM key/],
    ['a private key as secret', { secret: pkcs8, algorithms: ['HS256'] }, /secret is a PEM key/],
    ['a KeyObject as secret', { secret: rsa.publicKey, algorithms: ['HS256'] }, /secret must be a string/],
    ['an empty secret', { secret: '', algorithms: ['HS256'] }, /fewer than the 32 bytes that HS256 needs/],
    [
      'a guessable secret',
      { secret: 'correct horse battery staple', algorithms: ['HS256'] },
      /fewer than the 32 bytes/,
    ],
    [
      'a secret that is too short for one of the algorithms',
      { secret, algorithms: ['HS256', 'HS384'] },
      /fewer than the 48 bytes that HS384/,
    ],
    [
      'a secret that is too short for HS512',
      { secret: randomBytes(63), algorithms: ['HS512'] },
      /fewer than the 64 bytes/,
    ],
    [
      'a secret with a line break',
      { secret: `${secret.toString('hex')}\n`, algorithms: ['HS256'] },
      /white space/,
    ],
    ['a private key as PEM', { publicKey: pkcs8, algorithms: ['RS256'] }, /is a private key/],
    ['a private KeyObject', { publicKey: rsa.privateKey, algorithms: ['RS256'] }, /is a private key/],
    [
      'a private JWK',
      { publicKey: p256.privateKey.export({ format: 'jwk' }), algorithms: ['ES256'] },
      /is a private key/,
    ],
    [
      'a symmetric JWK',
      { publicKey: { kty: 'oct', k: 'AAAA' }, algorithms: ['RS256'] },
      /publicKey can't be read/,
    ],
    [
      'a public key as PEM without line breaks',
      { publicKey: spki.replaceAll('\n', '\\n'), algorithms: ['RS256'] },
      /publicKey can't be read.*real line breaks/,
    ],
    ['null as public key', { publicKey: null, algorithms: ['RS256'] }, /publicKey can't be read/],
    ['an RSA key for ES256', { publicKey: spki, algorithms: ['ES256'] }, /of type rsa, which ES256/],
    [
      'a key on a different curve',
      { publicKey: p384.publicKey, algorithms: ['ES256'] },
      /of type ec secp384r1, which ES256/,
    ],
    ['a weak RSA key', { publicKey: shortRsa.publicKey, algorithms: ['RS256'] }, /fewer than 2048 bits/],
    ['a relative jwksUri', { jwksUri: '/jwks', algorithms: ['RS256'] }, /jwksUri must be an absolute URL/],
    [
      'a password in jwksUri',
      { jwksUri: 'https://a:b@issuer.example/', algorithms: ['RS256'] },
      /without a user name/,
    ],
    [
      'an http URL of another machine',
      { jwksUri: 'http://issuer.example/jwks', algorithms: ['RS256'] },
      /must use https/,
    ],
    [
      'an http URL whose host name starts with a local address',
      { jwksUri: 'http://127.0.0.1.issuer.example/', algorithms: ['RS256'] },
      /must use https/,
    ],
    ['a file URL as jwksUri', { jwksUri: 'file:///jwks', algorithms: ['RS256'] }, /must use https/],
    ['a missing issuer', { secret, algorithms: ['HS256'], issuer: undefined }, /issuer has no default/],
    ['an empty issuer', { secret, algorithms: ['HS256'], issuer: '' }, /issuer has no default/],
    ['a missing audience', { secret, algorithms: ['HS256'], audience: undefined }, /audience has no default/],
    [
      'an empty list of audiences',
      { secret, algorithms: ['HS256'], audience: [] },
      /audience has no default/,
    ],
    [
      'undefined in a list of audiences',
      { secret, algorithms: ['HS256'], audience: ['a', undefined] },
      /audience has no/,
    ],
    [
      'the value true as audience',
      { secret, algorithms: ['HS256'], audience: true },
      /audience has no default/,
    ],
    ['an invalid cookie name', { secret, algorithms: ['HS256'], cookie: 'a=b' }, /cookie must be the name/],
    ['an empty cookie name', { secret, algorithms: ['HS256'], cookie: '' }, /cookie must be the name/],
    [
      'an invalid header name',
      { secret, algorithms: ['HS256'], header: 'X-Token:' },
      /header must be the name/,
    ],
    [
      'a negative clockTolerance',
      { secret, algorithms: ['HS256'], clockTolerance: -1 },
      /seconds from 0 to 300/,
    ],
    [
      'milliseconds as clockTolerance',
      { secret, algorithms: ['HS256'], clockTolerance: 5000 },
      /seconds from 0 to 300/,
    ],
    [
      'a string as clockTolerance',
      { secret, algorithms: ['HS256'], clockTolerance: '5s' },
      /seconds from 0 to 300/,
    ],
    ['an unknown option', { secret, algorithms: ['HS256'], jwksUrl: jwksUri }, /no option jwksUrl/],
  ])('throws for %s', (_, options, message) => {
    expect(start(options)).toThrow(TypeError);
    expect(start(options)).toThrow(message);
  });

  it.each([undefined, null, 'secret'])('throws if the options are %j', (options) => {
    expect(() => jwtSession(options as never)).toThrow(
      /jwtSession takes an object with these options: secret, publicKey or/,
    );
  });

  it('does not contain the secret in an error message', () => {
    const text = 'correct horse battery staple';
    for (const options of [
      { algorithms: ['HS256'] },
      { algorithms: ['RS256'] },
      { algorithms: ['HS256'], cookie: 1 },
    ]) {
      expect(start({ secret: text, ...options })).not.toThrow(text);
      expect(start({ secret: text, ...options })).toThrow(TypeError);
    }
  });
});
