import { ChatwootIdentityError } from '../error.js';

/**
 * A contact's identifier. A string identifier is used unchanged, and an integer is converted to its decimal
 * string.
 */
export type Identifier = string | number | bigint;

/**
 * The maximum length of an identifier in Chatwoot, in code points, because Ruby counts code points. Chatwoot
 * refuses an identifier that is too long with status 422, but only after it has marked the session as
 * verified.
 */
const MAX_CODE_POINTS = 255;

/**
 * Matches a string that is blank in Ruby or in JavaScript. Ruby's `blank?` tests the Unicode White_Space
 * property, and JavaScript also treats the BOM as white space.
 */
const BLANK = /^[\p{White_Space}\uFEFF]*$/u;

/** Matches the text that `String(value)` and template literals produce for missing values. */
const PLACEHOLDER = /^(?:undefined|null|NaN|\[object \w+\])$/;

/** Returns true for the text of a missing value, such as `"undefined"`. */
export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text);
}

/**
 * Converts the app's user id to the string that is signed and sent to Chatwoot.
 *
 * Returns strings unchanged, neither trimmed nor normalised, because Chatwoot hashes exactly the bytes that
 * it receives. Converts numbers to strings, because Chatwoot compares identifiers by type and creates a new
 * contact for each number that it receives (chatwoot/chatwoot#12256).
 *
 * Always refuses a blank identifier. Chatwoot accepts the HMAC of the empty string as proof and then finds
 * the contact by the e-mail address that the visitor typed. With a blank identifier, the visitor could thus
 * open any user's conversations.
 *
 * @throws {ChatwootIdentityError} with a code that begins with `identifier_`
 */
export function toIdentifier(value: unknown): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new ChatwootIdentityError(
      'identifier_number',
      'The identifier is a number that is not a safe integer. Give the id as a string or as a bigint.',
    );
  }
  if (typeof value === 'number' || typeof value === 'bigint') return toIdentifier(String(value));
  if (typeof value !== 'string') {
    throw new ChatwootIdentityError(
      'identifier_type',
      `The identifier is ${describe(value)}. Give the user's permanent id as a string, an integer or a bigint, ` +
        'and null instead of a contact for an anonymous visitor.',
    );
  }
  if (BLANK.test(value)) {
    throw new ChatwootIdentityError(
      'identifier_blank',
      "The identifier is empty or blank. Give the user's permanent id, and null instead of a contact for an anonymous visitor.",
    );
  }
  if (isPlaceholder(value)) {
    throw new ChatwootIdentityError(
      'identifier_placeholder',
      'The identifier is the text of a missing value (such as "undefined" or "[object Object]"). ' +
        "Give the user's permanent id itself, without String() or a template literal around it.",
    );
  }
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new ChatwootIdentityError(
      'identifier_malformed',
      'The identifier contains a NUL or a lone surrogate, which Chatwoot cannot store. Give a well-formed string.',
    );
  }
  if (value.length > MAX_CODE_POINTS && [...value].length > MAX_CODE_POINTS) {
    throw new ChatwootIdentityError(
      'identifier_length',
      `The identifier is longer than ${MAX_CODE_POINTS} characters, the most that Chatwoot stores. Give the user's id, not a token or a document.`,
    );
  }
  return value;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
