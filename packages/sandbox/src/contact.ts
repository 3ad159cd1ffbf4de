import { randomInt } from 'node:crypto';
import { blank, column, deepMerge } from './ruby.js';
import type { Params } from './verification.js';

/** A contact of the inbox. An anonymous visitor is a contact too, with a generated name and without an identifier. */
export interface SandboxContact {
  /** The contact's id in Chatwoot. This id differs from the user's id in your app. */
  readonly id: number;
  /** The user's id in your app; null for an anonymous visitor. */
  readonly identifier: string | null;
  /** The name that the agent sees. */
  readonly name: string;
  /** The email address; null if it is missing or was invalid. */
  readonly email: string | null;
  /** The phone number; null if it is missing or was not in E.164 format. */
  readonly phoneNumber: string | null;
  /** The URL of the contact's picture. */
  readonly avatarUrl: string | null;
  /** The custom attributes that pages have set on the contact. */
  readonly customAttributes: Readonly<Record<string, unknown>>;
  /** Further attributes of the contact, such as its company, city and country. */
  readonly additionalAttributes: Readonly<Record<string, unknown>>;
}

/** A contact inside the sandbox. Unlike a `SandboxContact`, a `Contact` is mutable. */
export type Contact = { -readonly [Key in keyof SandboxContact]: SandboxContact[Key] };

/** The columns by which Chatwoot finds and merges contacts, in Chatwoot's order. */
export type ContactKey = 'identifier' | 'email' | 'phone_number';
export const contactKeys: readonly ContactKey[] = ['identifier', 'email', 'phone_number'];

/**
 * The error for a value that the database of Chatwoot refuses. Chatwoot responds with 422, and with the message
 * and the attributes of this error.
 */
export class RecordInvalid extends Error {
  readonly attributes: readonly string[];
  constructor(message: string, attributes: readonly string[]) {
    super(message);
    this.attributes = attributes;
  }
}

const moods = ['quiet', 'bright', 'gentle', 'swift', 'amber', 'misty', 'calm', 'little'];
const things = ['river', 'meadow', 'harbor', 'sparrow', 'forest', 'comet', 'orchard', 'tide'];
const anonymousName = (): string =>
  `${moods[randomInt(moods.length)]}-${things[randomInt(things.length)]}-${randomInt(100, 1000)}`;

/** Creates an anonymous contact with a generated name. */
export const anonymousContact = (id: number): Contact => ({
  id,
  identifier: null,
  name: anonymousName(),
  email: null,
  phoneNumber: null,
  avatarUrl: null,
  customAttributes: {},
  additionalAttributes: {},
});

/**
 * Chatwoot's patterns. The pattern for phone numbers is not anchored at the start, so `tel:+1555` matches and
 * is stored.
 */
const formats = { email: /^[^@\s]+@[^@\s]+$/, phone_number: /\+[1-9]\d{1,14}$/ };

/** Returns the value to store in the column `key`: null if the parameter is blank or does not match the column's pattern. */
export function contactValue(key: ContactKey, value: unknown): string | null {
  const text = column(value);
  if (text === null || key === 'identifier') return text;
  if (!formats[key].test(text)) return null;
  return key === 'email' ? text.toLowerCase() : text;
}

/** The columns that store at most 255 characters, with their labels in error messages. */
const limited = [
  ['name', 'Name'],
  ['email', 'Email'],
  ['phone_number', 'Phone number'],
  ['identifier', 'Identifier'],
] as const;

/**
 * Rejects values that the database would reject.
 *
 * @throws RecordInvalid if a value is longer than 255 characters.
 */
export function validateLengths(params: Params): void {
  const long = limited.filter(([key]) => {
    const value = key === 'name' ? column(params.name) : contactValue(key, params[key]);
    return value !== null && [...value].length > 255;
  });
  refuse(long.map(([key, label]) => [key, `${label} is too long (maximum is 255 characters)`]));
}

/**
 * Rejects values that the public client API rejects. The widget's API ignores these values instead of rejecting
 * them.
 *
 * @throws RecordInvalid if the email address or the phone number does not match its pattern.
 */
export function validateFormats(params: Params): void {
  const messages = {
    email: 'Email Invalid email',
    phone_number: 'Phone number should be in e164 format',
  };
  const invalid = (['email', 'phone_number'] as const).filter(
    (key) => !blank(params[key]) && contactValue(key, params[key]) === null,
  );
  refuse(invalid.map((key) => [key, messages[key]]));
}

function refuse(errors: readonly (readonly [attribute: string, message: string])[]): void {
  if (errors.length === 0) return;
  throw new RecordInvalid(
    errors.map(([, message]) => message).join(', '),
    errors.map(([attribute]) => attribute),
  );
}

/** Returns true if `contact` has `value` in the column `key`. */
export function holds(contact: Contact, key: ContactKey, value: string): boolean {
  return (key === 'phone_number' ? contact.phoneNumber : contact[key]) === value;
}

/** Writes the parameters into a contact, except for the refused columns. Blank parameters change nothing. */
export function updateContact(contact: Contact, params: Params, refused: ReadonlySet<ContactKey>): void {
  const value = (key: ContactKey) => (refused.has(key) ? null : contactValue(key, params[key]));
  contact.identifier = value('identifier') ?? contact.identifier;
  contact.name = column(params.name) ?? contact.name;
  contact.email = value('email') ?? contact.email;
  contact.phoneNumber = value('phone_number') ?? contact.phoneNumber;
  contact.avatarUrl ??= column(params.avatar_url);
  contact.customAttributes = deepMerge(contact.customAttributes, attributes(params.custom_attributes));
  contact.additionalAttributes = deepMerge(
    contact.additionalAttributes,
    attributes(params.additional_attributes),
  );
}

/** Returns the parameter if it is an object of attributes, and an empty object for any other value. */
export const attributes = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && !blank(value) && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** Returns a contact in the JSON format of Chatwoot's webhooks and of `render json: @contact`. */
export const contactJson = (contact: SandboxContact): Record<string, unknown> => ({
  id: contact.id,
  name: contact.name,
  email: contact.email,
  phone_number: contact.phoneNumber,
  identifier: contact.identifier,
  additional_attributes: contact.additionalAttributes,
  custom_attributes: contact.customAttributes,
});
