import { jsonOf } from './audited-endpoint.js';
import type { Answer } from './probe.js';

const HEX_HASH = /(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/gi;
const HASH_NAME = /hash|hmac|signature|digest/i;

/** The values in an answer that may be identity hashes, by their form or by the name of their field. */
export function hashesIn(answer: Answer): string[] {
  const json = jsonOf(answer);
  if (json) return [...new Set(valuesIn(json))];
  // The hashes in an HTML page are those of scripts and styles.
  if (/\bhtml\b/i.test(answer.headers.get('content-type') ?? '')) return [];
  return [...new Set(answer.text.match(HEX_HASH) ?? [])];
}

function valuesIn(value: unknown, name = ''): string[] {
  if (typeof value === 'string')
    return HASH_NAME.test(name) && value.length >= 16 ? [value] : (value.match(HEX_HASH) ?? []);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) => valuesIn(field, name));
}
