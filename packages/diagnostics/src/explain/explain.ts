import type { Identifier } from '@chatwoot-identity/core';
import { bareToken, problemWithHmacToken } from '@chatwoot-identity/core/internal';
import type { Ingredients, Variant } from './candidates.js';
import { decodings } from './decodings.js';
import { digests } from './digests.js';
import { keys } from './keys.js';
import { literals } from './literals.js';
import { messages } from './messages.js';
import { type MistakeCode, mistakes } from './mistakes.js';
import { writings } from './writings.js';

/** One mistake: a stable `code`, a `message` that describes the mistake, and the `fix`. */
export interface Cause {
  /** The stable name of the mistake. */
  readonly code: MistakeCode;
  /** A description of the mistake. */
  readonly message: string;
  /** The fix for the mistake. */
  readonly fix: string;
}

/**
 * The result of {@link explainMismatch}. With `matches: true`, the hash is correct. With `matches: false`,
 * `causes` lists the mistakes that together produce exactly this hash. Fix all these mistakes. The list of causes is
 * empty if no known mistakes produce the hash.
 */
export type Explanation =
  | { readonly matches: true; readonly causes: readonly [] }
  | { readonly matches: false; readonly causes: readonly Cause[] };

/** Options of {@link explainMismatch}. */
export interface ExplainOptions {
  /** The HMAC token of the inbox, as Chatwoot shows it. */
  hmacToken: string;
  /** The first argument of the page's call to `setUser`. */
  identifier: Identifier;
  /** The `identifier_hash` that the page passes. The value may be any string. */
  identifierHash: string;
  /** The public token of the inbox. Pass this token to detect that it was used as the key. */
  websiteToken?: string | undefined;
  /**
   * The email address of the user. Pass the email address to detect that it was signed instead of the
   * identifier.
   */
  email?: string | undefined;
  /**
   * Other tokens that may have been used as the key, such as API access tokens and tokens of other inboxes.
   * Each token has a name of your choice.
   */
  otherTokens?: Readonly<Record<string, string>> | undefined;
}

type Mistake = NonNullable<Variant<unknown>['mistake']>;

/** The minimum length of a truncated hash to recognise. A shorter match could be a coincidence. */
const SHORTEST_PIECE = 16;

const HASH = /^[0-9a-f]{64}$/i;

/** The cause for a text that cannot be a hash, if no other cause is known. */
const MALFORMED: Mistake = { code: 'hash_malformed' };

/**
 * Explains why Chatwoot refuses an `identifier_hash`. Tries the known mistakes (wrong key, wrong message, wrong
 * digest, wrong encoding, and two of these together) until they produce exactly this hash. `explainMismatch`
 * never guesses: an unrelated hash has no causes. The returned texts contain no token, hash or identifier. The
 * texts may contain a name from `otherTokens`.
 *
 * Use this function in development, tests and support. The result reveals how a hash was made, so do not send
 * it to visitors. The function is pure and synchronous. If the hash is correct, the function computes one
 * digest. If the hash is wrong, the function computes at most 5,000 digests, plus 150 for each token in
 * `otherTokens`.
 *
 * @param options the token, the identifier and the hash that the app uses, and other values that it may have used
 * @returns `{ matches: true, causes: [] }`, or `{ matches: false, causes }` with the fewest mistakes that explain the hash
 * @throws {TypeError} if `hmacToken` is not a string or is blank; no value of `identifierHash` makes it throw
 * @example
 * const { matches, causes } = explainMismatch({ hmacToken, identifier: 'user-1', identifierHash });
 * for (const { code, message, fix } of causes) console.log(`${code}: ${message} ${fix}`);
 */
export function explainMismatch(options: ExplainOptions): Explanation {
  const { hmacToken, identifierHash } = options;
  const problem = problemWithHmacToken(
    'hmacToken',
    typeof hmacToken === 'string' ? bareToken(hmacToken) : hmacToken,
  );
  if (problem) throw new TypeError(problem);
  const hash = typeof identifierHash === 'string' ? identifierHash : '';
  const found = cheapest(options, hash) ?? (HASH.test(hash) ? undefined : [MALFORMED]);
  return found?.length === 0
    ? { matches: true, causes: [] }
    : { matches: false, causes: (found ?? []).map(cause).sort(warningsFirst) };
}

/** Returns the smallest set of mistakes that produces this hash, or undefined if no known mistakes do. */
function cheapest(ingredients: Ingredients, identifierHash: string): Mistake[] | undefined {
  const passed = decodings(identifierHash);
  // If the hash has 64 hex digits, comparing the hex notation is enough: no other notation of a digest has 64
  // hex digits.
  const ways = HASH.test(identifierHash) ? writings.slice(0, 1) : writings;
  let best: Mistake[] | undefined;
  const offer = (steps: Variant<unknown>[], ...more: MistakeCode[]) => {
    const made = [...steps.flatMap(({ mistake }) => mistake ?? []), ...more.map((code) => ({ code }))];
    if (best === undefined || made.length < best.length) best = made;
  };

  for (const literal of literals(ingredients, identifierHash))
    for (const { value, mistakes } of passed) if (value === literal.value) offer([literal], ...mistakes);

  for (const { cost, key, message, digest } of candidates(ingredients)) {
    if (best !== undefined && cost >= best.length) break;
    const bytes = digest.value(key.value, message.value);
    for (const writing of ways) {
      const written = writing.value(bytes);
      for (const { value, mistakes } of passed)
        if (value === written) offer([key, message, digest, writing], ...mistakes);
    }
    // Check for truncated hashes last: a complete hash in one encoding can look like a truncated hash in
    // another.
    const digits = bytes.toString('hex');
    for (const { value, mistakes } of passed)
      if (value.length >= SHORTEST_PIECE && value !== digits && digits.includes(value))
        offer([key, message, digest], ...mistakes, 'truncated');
  }
  return best;
}

/**
 * Returns every combination of a key, a message and a digest with at most two mistakes, sorted by the number
 * of mistakes.
 */
export function candidates(ingredients: Ingredients): Candidate[] {
  const all: Candidate[] = [];
  const signed = messages(ingredients);
  for (const key of keys(ingredients))
    for (const message of signed)
      for (const digest of digests) {
        const wrong = [key, message, digest].filter(({ mistake }) => mistake);
        const isRare = wrong.some(({ rare }) => rare);
        if (wrong.length <= (isRare ? 1 : 2)) all.push({ key, message, digest, cost: wrong.length });
      }
  return all.sort((a, b) => a.cost - b.cost);
}

interface Candidate {
  readonly key: Variant<Buffer>;
  readonly message: Variant<Buffer>;
  readonly digest: (typeof digests)[number];
  readonly cost: number;
}

/** Sorts mistakes that an attacker can exploit before all other mistakes. */
function warningsFirst(a: Cause, b: Cause): number {
  const isWarning = ({ message }: Cause) => Number(message.startsWith('Security:'));
  return isWarning(b) - isWarning(a);
}

function cause({ code, name = '' }: Mistake): Cause {
  const { message, fix } = mistakes[code];
  return { code, message: message.replace('{name}', () => name), fix };
}
