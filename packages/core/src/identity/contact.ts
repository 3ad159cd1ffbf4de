import { ChatwootIdentityError } from '../error.js';
import { adviceOn } from '../options.js';
import type { Json, Profile } from '../wire.js';
import type { Identifier } from './identifier.js';

/**
 * The signed-in user, with the fields that are sent to Chatwoot. Only the identifier is signed. All other
 * contact fields only inform the agent, and the visitor can change them in the browser's console.
 */
export interface Contact {
  /**
   * The user's permanent id in the app. Do not use an e-mail address, because a user whose address changes
   * would lose their conversations.
   */
  identifier: Identifier;
  /**
   * The name that the agent sees. A name of more than 255 characters is shortened, because Chatwoot would
   * refuse it.
   */
  name?: string | null | undefined;
  /**
   * The user's verified e-mail address. Chatwoot merges the user with an existing contact that has this
   * address and no identifier.
   */
  email?: string | null | undefined;
  /** The absolute URL of the user's picture. */
  avatarUrl?: string | null | undefined;
  /**
   * The user's telephone number in E.164 format, for example `+12025550123`. Chatwoot silently drops a number
   * in any other format.
   */
  phoneNumber?: string | null | undefined;
  /** The company that the user works for. */
  companyName?: string | null | undefined;
  /** The user's city. */
  city?: string | null | undefined;
  /** The user's country as an ISO 3166-1 alpha-2 code, for example `DE`. */
  countryCode?: string | null | undefined;
  /** A note about the user for the agent. */
  description?: string | null | undefined;
  /** User names on social networks, for example `{ github: 'ada' }`. */
  socialProfiles?: Readonly<Record<string, string>> | null | undefined;
  /** Values for custom attributes that the Chatwoot account defines. */
  customAttributes?: Readonly<Record<string, Json>> | null | undefined;
}

/** The return value of `contact`: a contact, or any falsy value for an anonymous visitor. */
export type ContactAnswer = Contact | null | undefined | false | 0 | '';

/** A contact, or a function that returns the contact of a request. */
export type ContactOption<Request> =
  | ContactAnswer
  | ((request: Request) => ContactAnswer | Promise<ContactAnswer>);

/**
 * Every field that the widget sends to Chatwoot's server. The widget drops all other fields (checked against
 * Chatwoot's SDK and widget).
 */
const FIELDS = {
  name: 'name',
  email: 'email',
  avatarUrl: 'avatar_url',
  phoneNumber: 'phone_number',
  companyName: 'company_name',
  city: 'city',
  countryCode: 'country_code',
  description: 'description',
  socialProfiles: 'social_profiles',
  customAttributes: 'custom_attributes',
} as const satisfies Record<Exclude<keyof Contact, 'identifier'>, keyof Profile>;

type Field = keyof typeof FIELDS;

/**
 * Checks the fields of a contact and gives them Chatwoot's names. Omits fields that are null, undefined or
 * blank. Shortens a name and omits an e-mail address that is too long, because Chatwoot would refuse the
 * whole profile with status 422 (verified by running Chatwoot's controllers).
 *
 * @param onTooLong receives an error for each field that is too long
 * @throws {ChatwootIdentityError} `contact_invalid` if a field is unknown or has the wrong type
 */
export function toProfile(contact: Contact, onTooLong?: (error: ChatwootIdentityError) => void): Profile {
  const profile: Record<string, unknown> = {};
  for (const field of Object.keys(contact)) {
    if (field === 'identifier') continue;
    if (!isField(field)) throw unknownField(field);
    let value = wireValue(field, contact[field]);
    if ((field === 'name' || field === 'email') && isTooLong(value)) {
      onTooLong?.(tooLong(field));
      value = field === 'name' ? [...value].slice(0, MAX_CODE_POINTS).join('') : undefined;
    }
    if (value !== undefined) profile[FIELDS[field]] = value;
  }
  return profile;
}

/**
 * The maximum length of a name or an e-mail address in Chatwoot, in code points, because Ruby counts code
 * points.
 */
const MAX_CODE_POINTS = 255;

function isTooLong(value: unknown): value is string {
  return typeof value === 'string' && value.length > MAX_CODE_POINTS && [...value].length > MAX_CODE_POINTS;
}

function tooLong(field: 'name' | 'email'): ChatwootIdentityError {
  return new ChatwootIdentityError(
    'profile_too_long',
    `contact.${field} is longer than ${MAX_CODE_POINTS} characters, so Chatwoot would refuse the whole profile. ` +
      `It was ${field === 'name' ? 'shortened' : 'left out'}. Shorten it in the contact function. This error is reported only once.`,
  );
}

/**
 * Returns true if the value that `contact` returned is a contact, and false if it is falsy.
 *
 * @throws {ChatwootIdentityError} `contact_invalid` for any other value
 */
export function isContact(answer: unknown): answer is Contact {
  if (!answer) return false;
  if (typeof answer === 'object' && !Array.isArray(answer)) return true;
  throw new ChatwootIdentityError(
    'contact_invalid',
    'contact must be an object such as { identifier, name, email }, or null for an anonymous visitor.',
  );
}

function isField(field: string): field is Field {
  return Object.hasOwn(FIELDS, field);
}

function wireValue(field: Field, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (field === 'customAttributes' || field === 'socialProfiles') return toJsonObject(field, value);
  if (typeof value === 'string') return storable(value).trim() === '' ? undefined : storable(value);
  throw new ChatwootIdentityError(
    'contact_invalid',
    `contact.${field} must be a string. Convert it, or leave it out.`,
  );
}

function toJsonObject(field: Field, value: unknown): unknown {
  let copy: unknown;
  try {
    copy = JSON.parse(JSON.stringify(value), (_key, inner: unknown) => storableJson(inner));
  } catch (cause) {
    throw new ChatwootIdentityError(
      'contact_invalid',
      `contact.${field} cannot be written as JSON. Give plain strings, numbers and booleans.`,
      { cause },
    );
  }
  if (typeof copy === 'object' && copy !== null && !Array.isArray(copy)) return copy;
  throw new ChatwootIdentityError(
    'contact_invalid',
    `contact.${field} must be a plain object, for example { plan: "pro" }.`,
  );
}

/**
 * Repairs text that Chatwoot cannot store, instead of refusing it, because the text is not signed. Rails
 * responds to a lone surrogate with 400, and Postgres cannot store NUL.
 */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

/** Repairs the strings and the property names in a JSON value. */
function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [storable(name), inner]));
}

function unknownField(field: string): ChatwootIdentityError {
  if (/^identifier_?hash$/i.test(field)) {
    return new ChatwootIdentityError(
      'contact_invalid',
      'contact contains an identifier hash. Leave it out: the hash is computed here, from the identifier and the inbox.',
    );
  }
  const advice =
    adviceOn(field, Object.keys(FIELDS)) ??
    'Put it into customAttributes, or leave it out: Chatwoot does not read this field.';
  return new ChatwootIdentityError(
    'contact_invalid',
    `contact has an unknown field, ${JSON.stringify(field)}. ${advice}`,
  );
}
