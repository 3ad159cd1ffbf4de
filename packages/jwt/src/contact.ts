import type { JWTPayload } from 'jose';
import { JwtSessionError } from './error.js';
import type { RequestLike } from './request.js';
import type { JwtSession } from './session.js';

/** A contact in the form that the `contact` option of the Express, Koa, Fetch and Next.js packages expects. */
export interface JwtContact {
  /** The user's permanent id. */
  identifier: string | number;
  /** The name that agents see in Chatwoot. */
  name?: string;
  /** The e-mail address; omitted if the token marks it as unverified. */
  email?: string;
  /** The absolute URL of the user's picture. */
  avatarUrl?: string;
  /** The telephone number; omitted if the token marks it as unverified. */
  phoneNumber?: string;
}

/** The name of the claim for each field of the contact. An omitted field uses its standard claim. */
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
 * Creates the `contact` option from a session reader. The contact contains the standard claims of OpenID Connect:
 * `sub`, `name`, `email` and `picture`.
 *
 * Chatwoot searches for an existing contact by identifier, then by e-mail address, then by phone number. Chatwoot
 * merges the user with a contact that has the same address or number, unless that contact already has an identifier
 * (verified in Chatwoot's source code). An unverified address or number may belong to another person. The address is
 * therefore omitted if `email_verified` is present and not true, and the number is omitted if `phone_number_verified`
 * is present and not true.
 *
 * An `act` claim (RFC 8693, section 4.1) means that a member of the support staff is signed in as the user. Such a
 * visitor is anonymous in the chat, so that staff cannot write in the name of a customer.
 *
 * @param session the session reader, created by {@link jwtSession}
 * @param claims the names of non-standard claims, for example `{ identifier: 'user_id', phoneNumber: 'phone_number' }`
 * @returns the `contact` function, which rejects with the errors of the session reader. If a valid token has no
 *   identifier, the function rejects with a {@link JwtSessionError} (`identifier_missing`), because a configuration
 *   error must not look like an anonymous visitor.
 * @throws {TypeError} if an argument is invalid; the message explains how to fix it
 * @example
 * app.use(chatwootIdentity({ inbox, contact: jwtContact(session) }));
 */
export function jwtContact(
  session: JwtSession,
  claims: ClaimNames = {},
): (request: RequestLike) => Promise<JwtContact | null> {
  if (typeof session !== 'function') {
    throw new TypeError(
      'jwtContact: the first argument must be a session reader: jwtContact(jwtSession({ ... })).',
    );
  }
  checkClaimNames(claims);
  const named: ClaimNames & { identifier: string } = { ...defaultClaims, ...claims };
  return async (request) => {
    const payload = await session(request);
    return payload && payload.act === undefined ? contactOf(payload, named) : null;
  };
}

// Throws for an unknown field: if a misspelled `identifier` were ignored, the default claim would identify the user.
function checkClaimNames(claims: ClaimNames): void {
  for (const [field, claim] of Object.entries(claims)) {
    if (!contactFields.has(field)) {
      throw new TypeError(
        `jwtContact: there is no field ${field}. Fields: ${[...contactFields].join(', ')}. For other fields, write your own contact function.`,
      );
    }
    if (typeof claim !== 'string' || claim === '') {
      throw new TypeError(
        `jwtContact: ${field} must be the name of a claim. Omit it to read ${field in defaultClaims ? 'the standard claim' : 'no claim'}.`,
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
    `The session token has no usable "${claim}" claim, so the user is unknown. Configure the issuer to add this claim, or name the claim that contains the user's id: jwtContact(session, { identifier: 'user_id' }).`,
  );
}

// Returns false if the flag is present and not true. Some issuers (Amazon Cognito) send the flag as a string.
function isVerified(flag: unknown): boolean {
  return flag === undefined || flag === true || flag === 'true';
}
