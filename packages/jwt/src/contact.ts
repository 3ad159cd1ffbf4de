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
 * @throws {JwtSessionError} `identifier_missing` when a good token lacks the identifier's claim: that is a fault of the
 *   set-up and must not pass for "nobody is signed in"; and what the reader itself throws.
 *
 * @example
 * app.use(chatwootIdentity({ inbox, contact: jwtContact(session) }));
 */
export function jwtContact(
  session: JwtSession,
  claims: ClaimNames = {},
): (request: RequestLike) => Promise<JwtContact | null> {
  const named: ClaimNames & { identifier: string } = { ...defaultClaims, ...claims };
  return async (request) => {
    const payload = await session(request);
    return payload && payload.act === undefined ? contactOf(payload, named) : null;
  };
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
