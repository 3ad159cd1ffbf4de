import { randomInt } from 'node:crypto';
import { blank, column } from './ruby.js';
import type { Params } from './verification.js';

/** A contact of the inbox. An anonymous visitor is a contact too, with a generated name and without an identifier. */
export interface SandboxContact {
  /** The id in Chatwoot, not in your app. */
  readonly id: number;
  /** The user's id in your app; null for an anonymous visitor. */
  readonly identifier: string | null;
  /** The name that the agent sees. */
  readonly name: string;
  /** The e-mail address; null if it is missing or was invalid. */
  readonly email: string | null;
  /** The telephone number; null if it is missing or was not in E.164 form. */
  readonly phoneNumber: string | null;
  /** The picture's URL. */
  readonly avatarUrl: string | null;
  /** The custom attributes that pages have set. */
  readonly customAttributes: Readonly<Record<string, unknown>>;
  /** The company, city, country and the like. */
  readonly additionalAttributes: Readonly<Record<string, unknown>>;
}

/** A contact inside the sandbox, where it can still change. */
export type Contact = { -readonly [Key in keyof SandboxContact]: SandboxContact[Key] };

/** The columns a contact is found and merged by, in Chatwoot's order. */
export type ContactKey = 'identifier' | 'email' | 'phone_number';
export const contactKeys: readonly ContactKey[] = ['identifier', 'email', 'phone_number'];

/** A value that the database refuses: Chatwoot answers 422 with this message and these attributes. */
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

/** A contact nobody has named yet. */
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

/** What the column `key` holds for a parameter: null when blank or invalid (invalid e-mail and phone are dropped silently). */
export function contactValue(key: ContactKey, value: unknown): string | null {
  const text = column(value);
  if (text === null || key === 'identifier') return text;
  if (key === 'email') return /^[^@\s]+@[^@\s]+$/.test(text) ? text.toLowerCase() : null;
  return /^\+[1-9]\d{1,14}$/.test(text) ? text : null;
}

/** Whether `contact` is the one that holds `value` in the column `key`. */
export function holds(contact: Contact, key: ContactKey, value: string): boolean {
  return (key === 'phone_number' ? contact.phoneNumber : contact[key]) === value;
}

/**
 * Writes the parameters into a contact; blank ones leave it as it is.
 *
 * @throws RecordInvalid when the identifier is longer than 255 characters, with the contact unchanged.
 */
export function updateContact(contact: Contact, params: Params, refused: ReadonlySet<ContactKey>): void {
  const value = (key: ContactKey) => (refused.has(key) ? null : contactValue(key, params[key]));
  const identifier = value('identifier');
  if (identifier !== null && [...identifier].length > 255) {
    throw new RecordInvalid('Identifier is too long (maximum is 255 characters)', ['identifier']);
  }
  contact.identifier = identifier ?? contact.identifier;
  contact.name = column(params.name) ?? contact.name;
  contact.email = value('email') ?? contact.email;
  contact.phoneNumber = value('phone_number') ?? contact.phoneNumber;
  contact.avatarUrl ??= column(params.avatar_url);
  contact.customAttributes = { ...contact.customAttributes, ...attributes(params.custom_attributes) };
  contact.additionalAttributes = {
    ...contact.additionalAttributes,
    ...attributes(params.additional_attributes),
  };
}

const attributes = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && !blank(value) && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
