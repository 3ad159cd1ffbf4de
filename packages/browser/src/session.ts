import { expireCookies, hasCookie } from './cookies.js';
import type { Identity } from './identity.js';
import { openMemory } from './memory.js';
import { ANONYMOUS, isSame, type Owner, STRANGER } from './owner.js';
import { chatwoot } from './sdk.js';

/** The Chatwoot session of this browser, as far as cookies and memory can tell. */
export interface Session {
  /** The user who last claimed it, in any tab. */
  owner(): Owner;
  /** The owner as the SDK knows it, or else as remembered. A user whom this package has not seen is a stranger. */
  holder(): Owner;
  /** Whether the browser holds a session that the widget would resume. */
  exists(): boolean;
  /** Whether the SDK's own cookie of an identified user exists: a logout on the server expires it. */
  alive(): boolean;
  /**
   * Records the session of a new document of the widget. It is not read from the cookie, because another tab may have
   * replaced that by now.
   */
  begin(token: string): void;
  /** The user who claimed this session in any tab; a stranger if that user has left it. Anonymous tabs share one. */
  sharer(): Owner;
  /**
   * Claims the session for a user. Returns true if Chatwoot already accepted this exact profile in this session.
   * Otherwise expires the SDK's cookie, so that `setUser` is not skipped.
   */
  claim(identity: Identity): boolean;
  accept(identity: Identity): void;
  reject(owner: Owner): void;
  /**
   * Removes everything that would resume the owner's session, if there is one.
   *
   * @param loading whether the widget is still loading and may resume the session: the SDK writes the cookie again once
   *   it has loaded. If the user leaves the page at that moment, the next page must know that the session belongs to a
   *   user.
   */
  forget(owner: Owner, loading: boolean): void;
  /** Remembers that a user has signed out, or was replaced by another. */
  leave(identifier: string): void;
  /** Whether this user has left since they were last in the chat, so that an identity of theirs may be out of date. */
  hasLeft(identifier: string): boolean;
}

/**
 * The SDK skips `setUser` when its cookie `cw_user_<token>` equals a digest of a few fields, which it writes before the
 * server answers. So a refused user, a changed telephone number and a user whose session is gone are never sent again
 * (chatwoot/chatwoot 7065, 13448). Here a claim counts only after Chatwoot has accepted it, for the whole profile and
 * for this session. Otherwise the SDK's cookie is expired.
 */
export function openSession(websiteToken: string): Session {
  const userCookie = `cw_user_${websiteToken}`;
  const memory = openMemory(websiteToken);
  let session = ''; // a digest; empty until the widget has loaded

  const owner = () => memory.read().owner;
  const seal = (identity: Identity) => digest(session + JSON.stringify({ ...identity, identifier_hash: '' }));

  function note(owner: Owner, accepted = ''): void {
    const { session: before, past, left } = memory.read();
    const [owned, returned] = owner.who === 'user' ? [session, digest(owner.identifier)] : [''];
    memory.write({
      owner,
      session: owned,
      accepted,
      past: [session, before, ...past].filter((each) => each && each !== owned),
      left: left.filter((each) => each !== returned),
    });
  }

  return {
    owner,
    holder() {
      const sdk = chatwoot();
      if (sdk?.user) return { who: 'user', identifier: `${sdk.identifier}` };
      const known = owner();
      return known.who === 'anonymous' && this.alive() ? STRANGER : known;
    },
    exists: () => hasCookie('cw_conversation'),
    alive: () => hasCookie(userCookie),
    begin(token) {
      session = digest(token);
    },
    sharer() {
      const { owner, session: owned, past } = memory.read();
      if (past.includes(session)) return STRANGER;
      return !owned || session === owned ? owner : ANONYMOUS;
    },
    claim(identity) {
      const known = !!session && memory.read().accepted === seal(identity);
      if (!known) {
        expireCookies(userCookie);
        note({ who: 'user', identifier: identity.identifier });
      }
      return known;
    },
    accept(identity) {
      const user: Owner = { who: 'user', identifier: identity.identifier };
      if (isSame(owner(), user)) note(user, seal(identity));
    },
    reject(refused) {
      expireCookies(userCookie);
      if (isSame(owner(), refused)) note(refused);
    },
    forget(former, loading) {
      if (former.who === 'anonymous') return;
      const known = owner();
      if (known.who === 'anonymous' || isSame(known, former)) note(loading ? STRANGER : ANONYMOUS);
      if (former.who === 'user') this.leave(former.identifier);
      expireCookies('cw_conversation', userCookie);
    },
    leave(identifier) {
      const before = memory.read();
      memory.write({ ...before, left: [digest(identifier), ...before.left] });
    },
    hasLeft: (identifier) => memory.read().left.includes(digest(identifier)),
  };
}

/** A short digest to detect a changed text. It is not cryptographic. */
function digest(text: string): string {
  let hash = 5381;
  for (const character of text) hash = ((hash * 33) ^ character.codePointAt(0)!) >>> 0;
  return hash.toString(36);
}
