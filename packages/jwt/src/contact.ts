import type { JWTPayload } from 'jose';
import { JwtSessionError } from './error.js';
import type { RequestLike } from './request.js';
import type { JwtSession } from './session.js';

/** A contact as the adapters' `contact` option returns it. */
export interface JwtContact {
  identifier: string | number;
  name?: string;
  email?: string;
  avatarUrl?: string;
  phoneNumber?: string;
}

/** Which claim holds which field of the contact; what is left out keeps its default. */
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
 * Makes a `contact` option out of a session reader, by the standard claims of OpenID Connect: `sub`, `name`, `email` and
 * `picture`.
 *
 * Chatwoot looks for a contact by identifier, then by e-mail, then by phone number, and takes over one that has no
 * identifier yet (checked against Chatwoot's own controllers). So an address whose `email_verified`, and a number whose
 * `phone_number_verified`, is there and not true is left out: it may be somebody else's.
 *
 * A token with an `act` claim (RFC 8693, section 4.1) is a member of staff acting as the customer. Nobody is signed in to
 * the chat then, so that support staff never write in a customer's name.
 *
 * @param session A reader made by `jwtSession`.
 * @param claims Names of claims that differ, e.g. `{ identifier: 'user_id', phoneNumber: 'phone_number' }`.
 * @throws {TypeError} at start-up, when one of these is not what it should be
 * @returns A function that rejects with a {@link JwtSessionError}, `identifier_missing`, when a good token lacks the
 *   identifier's claim (a fault of the set-up must not pass for "nobody is signed in"), and with what the reader rejects
 *   with.
 *
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

// A misspelled "identifier" would leave the chat to another claim, and so to another contact.
function checkClaimNames(claims: ClaimNames): void {
  for (const [field, claim] of Object.entries(claims)) {
    if (!contactFields.has(field)) {
      throw new TypeError(
        `jwtContact: there is no field ${field}. Fields: ${[...contactFields].join(', ')}. For any other, write a contact function of your own.`,
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
    `The session token has no usable "${claim}" claim, so it does not say who the user is. Let the issuer add it, or name the claim that holds the user's id: jwtContact(session, { identifier: 'user_id' }).`,
  );
}

// Some issuers (Amazon Cognito) write the flag as a string.
function isVerified(flag: unknown): boolean {
  return flag === undefined || flag === true || flag === 'true';
}
