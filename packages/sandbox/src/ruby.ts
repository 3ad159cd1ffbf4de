/**
 * Implements the few rules of Ruby and Rails that decide how Chatwoot interprets a JSON value: `blank?`,
 * `to_s`, and the conversion for a string column. The results were checked against Chatwoot's own controllers.
 */

/**
 * Returns true for `nil`, `false`, an empty list or object, and a string that contains only Unicode white
 * space.
 */
export function blank(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return true;
  if (typeof value === 'string') return /^\p{White_Space}*$/u.test(value);
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/**
 * Converts a scalar to a string as `to_s` of Ruby does. Returns `undefined` for lists and objects, because no
 * app signs their text on purpose.
 */
export function toS(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return numberToS(value);
  return typeof value === 'object' ? undefined : String(value);
}

/**
 * Returns the value that a string column stores for a parameter: "t" for `true`, and null for a blank value,
 * a list or an object.
 */
export function column(value: unknown): string | null {
  if (blank(value) || typeof value === 'object') return null;
  return value === true ? 't' : (toS(value) ?? null);
}

/**
 * Merges two objects as `deep_merge` of Rails does: nested objects are merged at every depth, and any other
 * value replaces the old one.
 */
export function deepMerge(base: Attributes, other: Attributes): Record<string, unknown> {
  const merged = Object.entries(other).map(([key, value]) => {
    const before = Object.hasOwn(base, key) ? base[key] : undefined;
    return [key, isHash(before) && isHash(value) ? deepMerge(before, value) : value];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

type Attributes = Readonly<Record<string, unknown>>;
const isHash = (value: unknown): value is Attributes =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Formats a number from JSON as Ruby does. Whole numbers below 1e21 are integers. Other numbers are
 * floats, which have an exponent outside the range 1e-4 to 1e16.
 */
function numberToS(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e21) return BigInt(value).toString();
  if (size >= 1e-4 && size < 1e16) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  const digits = exponent.slice(1).padStart(2, '0');
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${exponent[0]}${digits}`;
}
