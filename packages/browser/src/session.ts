import { expireCookies, readCookie } from './cookies.js';
import type { Identity } from './identity.js';
import { ownerMark } from './owner.js';

/** Whose Chatwoot session this browser holds, as far as cookies and memory can tell. */
export interface Session {
  /** Who last claimed it, in any tab; null for nobody. */
  owner(): string | null;
  /** The same, counting what the SDK knows: '' for somebody unknown. */
  holder(): string | null;
  /** Whether the SDK's own mark of a sent user is there: a logout on the server takes it away. */
  alive(): boolean;
  /**
   * Notes the session that a fresh document of the widget came up with. The cookie does not say: another tab may have
   * written its own by now.
   */
  begin(token: string): void;
  /**
   * Who made this very session theirs in another tab, or may have; '' for somebody who has left it since, null for
   * nobody. Tabs of nobody share one.
   */
  sharer(): string | null;
  /** Makes it somebody's, and sees that `setUser` will not be skipped. True if Chatwoot has accepted all of it before. */
  claim(identity: Identity): boolean;
  accept(identity: Identity): void;
  reject(identifier: string): void;
  /**
   * Removes what would bring this person's session back.
   *
   * @param loading whether the widget may still bring it back: the SDK writes the cookie anew as soon as it has loaded.
   *   Should the page be left just then, the next one is to know that this is somebody's.
   */
  forget(identifier: string, loading: boolean): void;
}

/**
 * The SDK skips `setUser` when its cookie `cw_user_<token>` equals a digest of five fields, written before it
 * is known what the server says. So a refused user, a changed telephone number, and a session that is gone are
 * never sent again (chatwoot/chatwoot 7065, 13448). Here a claim counts only once it was accepted, for the
 * whole profile and for the one session; otherwise the SDK's cookie goes.
 */
export function rememberSession(websiteToken: string): Session {
  const userCookie = `cw_user_${websiteToken}`;
  const mark = ownerMark(websiteToken);
  let session = ''; // a digest, like all that is remembered of it; empty until the widget tells

  const owner = () => mark.read()?.identifier ?? null;
  const note = (identifier: string | null, accepted = '') =>
    mark.write({
      identifier,
      accepted,
      sessions: `${identifier ? '' : ' '}${session} ${mark.read()?.sessions ?? ''}`.slice(0, 999),
    });
  const amend = (identifier: string, accepted?: string) => {
    if (owner() === identifier) note(identifier, accepted);
  };
  const seal = (identity: Identity) => digest(session + JSON.stringify({ ...identity, identifier_hash: '' }));

  return {
    owner,
    holder: () =>
      window.$chatwoot?.user
        ? `${window.$chatwoot.identifier}`
        : (owner() ?? (readCookie(userCookie) ? '' : null)),
    alive: () => !!readCookie(userCookie),
    begin(token) {
      session = digest(token);
    },
    sharer() {
      const sessions = `${mark.read()?.sessions}`;
      const place = sessions.indexOf(session);
      if (place > 0) return '';
      return place && sessions[0] !== ' ' ? null : owner();
    },
    claim(identity) {
      const known = !!session && mark.read()?.accepted === seal(identity);
      if (!known) {
        expireCookies(userCookie);
        note(identity.identifier);
      }
      return known;
    },
    accept(identity) {
      amend(identity.identifier, seal(identity));
    },
    reject(identifier) {
      expireCookies(userCookie);
      amend(identifier);
    },
    forget(identifier, loading) {
      if ((owner() ?? identifier) === identifier) note(loading ? '' : null);
      expireCookies('cw_conversation', userCookie);
    },
  };
}

/** A short digest to tell whether a text changed. It is no proof of anything. */
function digest(text: string): string {
  let hash = 5381;
  for (const character of text) hash = ((hash * 33) ^ character.codePointAt(0)!) >>> 0;
  return hash.toString(36);
}
