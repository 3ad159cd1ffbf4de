import { jsonOf } from './audited-endpoint.js';
import type { Answer } from './probe.js';

const HEX_HASH = /(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/gi;
const HASH_NAME = /hash|hmac|signature|digest/i;

/**
 * Returns the values in a response that may be identity hashes, because of their format or the name of their
 * field.
 */
export function hashesIn(answer: Answer): string[] {
  const json = jsonOf(answer);
  if (json) return [...new Set(valuesIn(json))];
  // In an HTML page, 64 hex digits are usually the hash of a script or a style.
  if (/\bhtml\b/i.test(answer.headers.get('content-type') ?? '')) return [];
  return [...new Set(answer.text.match(HEX_HASH) ?? [])];
}

function valuesIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string')
    return HASH_NAME.test(name) && value.length >= 16 ? [value] : (value.match(HEX_HASH) ?? []);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => valuesIn(field, name));
}
