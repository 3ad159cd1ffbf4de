import type { Identity } from '@chatwoot-identity/core/wire';
import { expireCookies, readCookie } from './cookies.js';
import { type Claim, openMemory } from './memory.js';
import { chatwoot } from './sdk.js';

/** The user whose chat session this is, compared with the wanted user. */
export type Owner = 'anonymous' | 'wanted user' | 'other user';

/**
 * The Chatwoot session of this page: the one in the widget or, while there is no widget, the one that it would resume.
 * Every parameter `user` is undefined for an anonymous visitor.
 */
export interface Session {
  /** The owner. A user whose claim has ended is another user, even if it is the wanted one. */
  owner(user: Identity | undefined): Owner;
  /** Whether the browser holds a session that the widget would resume. */
  exists(): boolean;
  /** Whether the SDK's own cookie of an identified user exists: a logout on the server expires it. */
  alive(): boolean;
  /** Whether another tab has ended this user's claim, or another user has signed in there. */
  moved(user: Identity | undefined): boolean;
  /** Whether this user's last claim has ended. An identity that the app passes for them may then be out of date. */
  hasLeft(user: Identity): boolean;
  /** Ends the claims of all other users, in all tabs: the visitor is known to be this user. */
  admit(user: Identity | undefined): void;
  /** The widget starts, and resumes the session of the browser. */
  start(): void;
  /**
   * A document of the widget has loaded with this session. It is not read from the cookie, because another tab may have
   * replaced that by now.
   */
  begin(token: string): void;
  /** Removes everything that would resume this session. The widget gets a new one. */
  end(): void;
  /** The page has removed the widget. */
  lose(): void;
  /**
   * Claims the session for a user. Returns true if Chatwoot already accepted this exact profile in this session.
   * Otherwise expires the SDK's cookie, so that `setUser` is not skipped.
   */
  claim(identity: Identity): boolean;
  /** The user was passed to the SDK, which has written its cookie. */
  sent(): void;
  /** Records that Chatwoot has accepted this profile or, with null, that it has refused the user. */
  judge(identity: Identity | null): void;
}

/**
 * The SDK skips `setUser` when its cookie `cw_user_<token>` equals a digest of a few fields, which it writes before the
 * server answers. So a refused user, a changed telephone number and a user whose session is gone are never sent again
 * (chatwoot/chatwoot 7065, 13448). Here a profile counts only after Chatwoot has accepted all of it in this session.
 * Otherwise the SDK's cookie is expired.
 */
export function openSession(websiteToken: string): Session {
  const userCookie = `cw_user_${websiteToken}`;
  const memory = openMemory(websiteToken);
  /** The session in the widget, empty if it is new and has not loaded; undefined before the widget starts. */
  let widget: { session: string; resumed: boolean } | undefined;

  const resumable = () => digest(readCookie('cw_conversation'));
  const current = () => (widget ? widget.session : resumable());
  const isCurrent = ({ session }: Claim) => !!session && session === current();
  const sdkCookie = () => digest(readCookie(userCookie));

  /** Whether a session without a claim belongs to another user. */
  function isForeign(user: Identity | undefined, claims: Claim[]): boolean {
    const sdk = chatwoot();
    if (sdk?.user) return `${sdk.identifier}` !== user?.identifier; // the app itself has identified a user
    if (widget && !widget.resumed) return false;
    // Chatwoot may give a user another session when it recognises them, so this one belongs to the user with a live claim
    // if the SDK's cookie is still theirs. Another origin with the same cookies, such as another port or a subdomain, may
    // have replaced both cookies, but cannot change the claims. Without a live claim, the SDK's cookie belongs to an
    // unknown user.
    const live = claims.find((claim) => !claim.ended);
    return (!!live && live.user !== digestUser(user)) || sdkCookie() !== (live?.cookie ?? '');
  }

  /** Changes the claim to the current session. */
  function change(changes: Partial<Claim>): void {
    memory.write(memory.read().map((claim) => (isCurrent(claim) ? { ...claim, ...changes } : claim)));
  }

  return {
    owner(user) {
      const claim = memory.read().find(isCurrent);
      if (!claim) return 'anonymous';
      return !claim.ended && claim.user === digestUser(user) ? 'wanted user' : 'other user';
    },
    exists: () => !!readCookie('cw_conversation'),
    alive: () => !!sdkCookie(),
    moved: (user) =>
      memory.read().some((claim) => (claim.ended ? isCurrent(claim) : claim.user !== digestUser(user))),
    hasLeft: (user) => !!memory.read().find((claim) => claim.user === digestUser(user))?.ended,

    admit(identity) {
      const user = digestUser(identity);
      const claims = memory.read();
      const session = current();
      if (session && !claims.some(isCurrent) && isForeign(identity, claims))
        claims.unshift({ session, user: '', profile: '', ended: true });
      // Recorded before the chat has loaded, so that a sign-out before then is noticed.
      if (user && !claims.some((claim) => claim.user === user))
        claims.unshift({ session: '', user, profile: '', ended: false });
      memory.write(claims.map((claim) => ({ ...claim, ended: claim.ended || claim.user !== user })));
    },
    start() {
      const session = resumable();
      widget = { session, resumed: !!session };
      if (!session) expireCookies(userCookie); // the cookie belongs to a session that no longer exists
    },
    begin(token) {
      const session = digest(token);
      widget = { session, resumed: !widget || (widget.resumed && widget.session === session) };
    },
    end() {
      widget = { session: '', resumed: false };
      expireCookies('cw_conversation', userCookie);
    },
    lose() {
      widget = undefined;
    },

    claim(identity) {
      const claims = memory.read();
      if (claims.find(isCurrent)?.profile === digestProfile(identity)) return true;
      expireCookies(userCookie);
      const claim = { session: current(), user: digestUser(identity), profile: '', ended: false };
      memory.write([claim, ...claims.filter((other) => other.session && !isCurrent(other))]);
      return false;
    },
    sent() {
      change({ cookie: sdkCookie() });
    },
    judge(identity) {
      const profile = identity ? digestProfile(identity) : '';
      if (!identity) expireCookies(userCookie);
      change({ profile });
    },
  };
}

/**
 * Digests the hash instead of the identifier: two short user names often have the same digest, and a user could choose a
 * name that has the digest of another's. The next user of the browser would then join that user's session. No one can choose a hash.
 */
const digestUser = (identity: Identity | undefined) => digest(identity?.identifier_hash);

const digestProfile = (identity: Identity) => digest(JSON.stringify(identity));

/** A short digest to detect a changed text; empty for an empty text. It is not cryptographic. */
function digest(text = ''): string {
  let hash = 5381;
  for (const character of text) hash = ((hash * 33) ^ character.codePointAt(0)!) >>> 0;
  return text && hash.toString(36);
}
