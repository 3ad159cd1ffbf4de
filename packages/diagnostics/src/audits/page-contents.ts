import { identifierHash } from '@chatwoot-identity/core';

/**
 * Matches a field named like an identity hash, followed by 64 hex digits. The field may be in JSON or escaped
 * JSON, or be an attribute or a variable.
 */
const NAMED_HASH =
  /(?:identifier|user|contact|chatwoot|hmac)[-_]?hash[^<>]{1,40}?(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/i;
const HEX_HASH = /(?<![0-9a-z])[0-9a-f]{64}(?![0-9a-z])/gi;

/** The maximum number of words that are tried as identifiers, per text. */
const MOST_WORDS = 5000;

/**
 * Returns true if a text contains an identity hash. Recognises a hash by the name of its field. With the HMAC
 * token, also recognises the hash of any word in the text.
 */
export function containsHash(text: string, hmacToken: string): boolean {
  if (NAMED_HASH.test(text)) return true;
  const hashes = new Set(text.match(HEX_HASH));
  if (!hmacToken || hashes.size === 0) return false;
  const words = new Set(text.split(/&quot;|&#34;|["'`<>\\\s;,()=]+/));
  return Array.from(words)
    .filter((word) => word !== '' && word.length <= 255)
    .slice(0, MOST_WORDS)
    .some((word) => hashes.has(hashOf(hmacToken, word)));
}

function hashOf(hmacToken: string, word: string): string {
  try {
    return identifierHash(hmacToken, word);
  } catch {
    return ''; // this word cannot be an identifier
  }
}

/** Matches a variable named like an HMAC token, followed by a token in Chatwoot's format. */
const NAMED_TOKEN =
  /hmac[-_]?(?:token|secret|key)["'\\]{0,3}\s{0,3}[:=,]\s{0,3}\\?["'`][A-Za-z0-9]{16,64}\\?["'`]/i;

/**
 * Returns true if a text contains the HMAC token as text, base64 or hex. Without the token, returns true if a
 * text contains a variable named like an HMAC token.
 */
export function containsToken(text: string, hmacToken: string): boolean {
  if (!hmacToken) return NAMED_TOKEN.test(text);
  const bytes = Buffer.from(hmacToken);
  const forms = [hmacToken, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  return forms.some((form) => text.includes(form));
}

/** Returns the arguments of each call to `$chatwoot.setUser` in a text, as source code. */
export function setUserCalls(text: string): string[][] {
  const calls = text.matchAll(
    /\$chatwoot["'\]]{0,2}\s*(?:\?\.|\.|\[["'`])\s*setUser(?:["'`]\])?\s*(?:\?\.)?\(/g,
  );
  return Array.from(calls, ({ 0: start, index }) => argumentsAt(text, index + start.length));
}

/** The maximum length of a call that is parsed, in characters. */
const LONGEST_CALL = 4000;

/** Returns the arguments of a call, given the position after its opening parenthesis. */
function argumentsAt(text: string, start: number): string[] {
  const rest = text.slice(start, start + LONGEST_CALL);
  const found: string[] = [];
  let depth = 0;
  let begin = 0;
  // Strings are matched too, so that brackets and commas inside strings are ignored.
  for (const { 0: token, index } of rest.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[()[\]{},]/g)) {
    if ('([{'.includes(token)) depth++;
    else if (token === ',' ? depth === 0 : ')]}'.includes(token) && --depth < 0) {
      found.push(rest.slice(begin, index).trim());
      begin = index + 1;
      if (depth < 0) break;
    }
  }
  return found;
}

/**
 * Returns true if a call to `setUser` passes a hash. Returns `undefined` if the call passes a variable, whose
 * fields are unknown.
 */
export function passesHash([, profile = '']: readonly string[]): boolean | undefined {
  if (/identifier_hash/.test(profile)) return true;
  const isLiteral = profile.startsWith('{') && !profile.includes('...');
  return profile === '' || isLiteral ? false : undefined;
}

/** Matches a URL parameter that is named like an identity hash. */
const HASH_PARAMETER =
  /\?(?:[^"'`\s<>]{0,300}&(?:amp;)?)?(?:identifier|user|contact|chatwoot|hmac)[-_]?hash=/i;
/** Matches a URL parameter that names a user, if the URL is that of an identity endpoint. */
const USER_PARAMETER =
  /["'`(=](?:https?:\/)?\/[^"'`\s<>?]{0,200}(?:chatwoot|\/identity(?=\?)|identifier|hmac|user-?hash)[^"'`\s<>?]{0,200}\?(?:[^"'`\s<>]{0,300}&(?:amp;)?)?(?:identifier|id|user|user_?id|uid|email|contact_?id|customer_?id)=/i;

/** Returns true if a text contains a URL with an identity in its query string. */
export function containsIdentityUrl(text: string): boolean {
  return HASH_PARAMETER.test(text) || USER_PARAMETER.test(text);
}
