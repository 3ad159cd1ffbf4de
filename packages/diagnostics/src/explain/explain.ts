import type { Identifier } from '@chatwoot-identity/core';
import { bareToken, problemWithHmacToken } from '@chatwoot-identity/core/internal';
import { digests, type Ingredients, keys, literals, messages, type Variant, writings } from './candidates.js';
import { decodings } from './decodings.js';
import { type MistakeCode, mistakes } from './mistakes.js';

/** One mistake that was made: `code` is stable, `message` says what happened, `fix` how to mend it. */
export interface Cause {
  readonly code: MistakeCode;
  readonly message: string;
  readonly fix: string;
}

/**
 * Why a hash is refused. `matches: true`: it is right. Else `causes` are the mistakes that together make exactly this
 * hash (mend them all), or none when no known mistake makes it.
 */
export type Explanation =
  | { readonly matches: true; readonly causes: readonly [] }
  | { readonly matches: false; readonly causes: readonly Cause[] };

/** What `explainMismatch` takes. */
export interface ExplainOptions {
  /** The HMAC token of the inbox, as Chatwoot shows it. */
  hmacToken: string;
  /** What the page passes to `setUser` as the first argument. */
  identifier: Identifier;
  /** What the page passes as `identifier_hash`; may be anything. */
  identifierHash: string;
  /** The public token of the inbox, in case it was used as the key. */
  websiteToken?: string | undefined;
  /** The e-mail address of the user, in case it was signed instead of the identifier. */
  email?: string | undefined;
  /** Tokens of other inboxes, API access tokens and the like: your name for it, and the token. */
  otherTokens?: Readonly<Record<string, string>> | undefined;
}

type Mistake = NonNullable<Variant<unknown>['mistake']>;

/** Shorter pieces of a digest prove nothing. */
const SHORTEST_PIECE = 16;

/** What is left to say of what Chatwoot refuses by its length alone. */
const MALFORMED: Mistake = { code: 'hash_malformed' };

/**
 * Finds out why Chatwoot refuses an `identifier_hash`: makes the mistakes that people make (wrong key, wrong message,
 * wrong digest, wrong writing, and two of these together) until one gives the very same hash. It never guesses: an
 * unrelated hash has no causes, and what cannot be a hash at all is called that. The texts hold no token, hash or
 * identifier; only the names in `otherTokens` appear.
 *
 * For development, tests and support: the answer tells how a hash was made, so do not send it to visitors. Pure and
 * synchronous. Takes at most 4000 digests (some twenty milliseconds) and 130 more for each of `otherTokens`; only one
 * when the hash is right.
 *
 * @param options the token, the identifier and the hash as they are used, and what else may have been mixed up
 * @returns `{ matches: true, causes: [] }`, or `{ matches: false, causes }` with the fewest mistakes that explain the hash
 * @throws TypeError when `hmacToken` is not a string or is blank; nothing about `identifierHash` makes it throw
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
  const found = cheapest(options, hash) ?? (/^[0-9a-f]{64}$/i.test(hash) ? undefined : [MALFORMED]);
  return found?.length === 0
    ? { matches: true, causes: [] }
    : { matches: false, causes: (found ?? []).map(cause).sort(warningsFirst) };
}

/** The fewest mistakes that make this hash, or undefined where none do. */
function cheapest(ingredients: Ingredients, identifierHash: string): Mistake[] | undefined {
  const passed = decodings(identifierHash);
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
    for (const writing of writings) {
      const written = writing.value(bytes);
      for (const { value, mistakes } of passed)
        if (value === written) offer([key, message, digest, writing], ...mistakes);
    }
    // What is whole in one way may look cut off in another, so pieces come last.
    const digits = bytes.toString('hex');
    for (const { value, mistakes } of passed)
      if (value.length >= SHORTEST_PIECE && value !== digits && digits.includes(value))
        offer([key, message, digest], ...mistakes, 'truncated');
  }
  return best;
}

/** Every key with every message in every digest, of at most two mistakes, the fewest first. */
export function candidates(ingredients: Ingredients): Candidate[] {
  const all: Candidate[] = [];
  const signed = messages(ingredients);
  for (const key of keys(ingredients))
    for (const message of signed)
      for (const digest of digests) {
        const cost = [key, message, digest].filter(({ mistake }) => mistake).length;
        if (cost <= 2) all.push({ key, message, digest, cost });
      }
  return all.sort((a, b) => a.cost - b.cost);
}

interface Candidate {
  readonly key: Variant<Buffer>;
  readonly message: Variant<Buffer>;
  readonly digest: (typeof digests)[number];
  readonly cost: number;
}

/** What anybody can exploit comes before what merely fails. */
function warningsFirst(a: Cause, b: Cause): number {
  const isWarning = ({ message }: Cause) => Number(message.startsWith('Security:'));
  return isWarning(b) - isWarning(a);
}

function cause({ code, name = '' }: Mistake): Cause {
  const { message, fix } = mistakes[code];
  return { code, message: message.replace('{name}', () => name), fix };
}
