import type { JWTPayload } from 'jose';
import { JwtSessionError } from './error.js';
import type { RequestLike } from './request.js';
import type { JwtSession } from './session.js';

/** A contact as the adapters' `contact` option returns it. */
export interface JwtContact {
  /** The user's permanent id. */
  identifier: string | number;
  /** The name that the agent sees. */
  name?: string;
  /** The e-mail address; left out if the token says that it is not verified. */
  email?: string;
  /** The picture's absolute URL. */
  avatarUrl?: string;
  /** The telephone number; left out if the token says that it is not verified. */
  phoneNumber?: string;
}

/** The claim for each field of the contact. A field that is left out uses its standard claim. */
export type ClaimNames = Partial<Record<keyof JwtContact, string>>;

const contactFields: ReadonlySet<string> = new Set([
  'identifier',
  'name',
  'email',
  'avatarUrl',
  'phoneNumber',
] satisfies (keyof JwtContact)[]);

const defaultClaims = { identifier: 'sub', name: 'name', email: 'email', avatarUrl: 'picture' } as const;

/**
 * Creates a `contact` option from a session reader. It reads the standard claims of OpenID Connect: `sub`, `name`,
 * `email` and `picture`.
 *
 * Chatwoot looks for a contact by identifier, then by e-mail address, then by phone number, and merges the user with a
 * contact that has no identifier yet (checked against Chatwoot's own controllers). An unverified address may belong to
 * another person. So the address is left out if `email_verified` is present and not true, and the number if
 * `phone_number_verified` is present and not true.
 *
 * A token with an `act` claim (RFC 8693, section 4.1) means that support staff is signed in as the user. The visitor is
 * then anonymous in the chat, so that staff never write in a customer's name.
 *
 * @param session a reader created by {@link jwtSession}
 * @param claims the names of claims that differ, for example `{ identifier: 'user_id', phoneNumber: 'phone_number' }`
 * @returns the `contact` option. It rejects with every error of the reader, and with a {@link JwtSessionError},
 *   `identifier_missing`, if a valid token has no identifier: a configuration error must not look like an anonymous
 *   visitor.
 * @throws {TypeError} if an argument is unusable; the message says how to fix it
 * @example
 * app.use(chatwootIdentity({ inbox, contact: jwtContact(session) }));
 */
export function jwtContact(
  session: JwtSession,
  claims: ClaimNames = {},
): (request: RequestLike) => Promise<JwtContact | null> {
  if (typeof session !== 'function') {
    throw new TypeError(
      'jwtContact: the first argument is a session reader: jwtContact(jwtSession({ ... })).',
    );
  }
  checkClaimNames(claims);
  const named: ClaimNames & { identifier: string } = { ...defaultClaims, ...claims };
  return async (request) => {
    const payload = await session(request);
    return payload && payload.act === undefined ? contactOf(payload, named) : null;
  };
}

// If "identifier" were misspelled and ignored, the default claim would identify the user.
function checkClaimNames(claims: ClaimNames): void {
  for (const [field, claim] of Object.entries(claims)) {
    if (!contactFields.has(field)) {
      throw new TypeError(
        `jwtContact: there is no field ${field}. Fields: ${[...contactFields].join(', ')}. For other fields, write your own contact function.`,
      );
    }
    if (typeof claim !== 'string' || claim === '') {
      throw new TypeError(
        `jwtContact: ${field} must be the name of a claim. Leave it out to read ${field in defaultClaims ? 'the standard one' : 'none'}.`,
      );
    }
  }
}

function contactOf(payload: JWTPayload, named: ClaimNames & { identifier: string }): JwtContact {
  const contact: JwtContact = { identifier: identifierOf(payload, named.identifier) };
  for (const field of ['name', 'email', 'avatarUrl', 'phoneNumber'] as const) {
    const value = named[field] && payload[named[field]];
    if (typeof value === 'string' && value !== '') contact[field] = value;
  }
  if (!isVerified(payload.email_verified)) delete contact.email;
  if (!isVerified(payload.phone_number_verified)) delete contact.phoneNumber;
  return contact;
}

function identifierOf(payload: JWTPayload, claim: string): string | number {
  const identifier = payload[claim];
  if (typeof identifier === 'number' || (typeof identifier === 'string' && identifier.trim() !== '')) {
    return identifier;
  }
  throw new JwtSessionError(
    'identifier_missing',
    `The session token has no usable "${claim}" claim, so the user is unknown. Configure the issuer to add it, or name the claim with the user's id: jwtContact(session, { identifier: 'user_id' }).`,
  );
}

// Some issuers (Amazon Cognito) write the flag as a string.
function isVerified(flag: unknown): boolean {
  return flag === undefined || flag === true || flag === 'true';
}
