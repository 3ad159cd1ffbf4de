import type { Identity } from '@chatwoot-identity/core/wire';
import { expireCookies, readCookie } from './cookies.js';
import { type Claim, openMemory } from './memory.js';
import { chatwoot } from './sdk.js';

/** The owner of the chat session, compared with the wanted user. */
export type Owner = 'anonymous' | 'wanted user' | 'other user';

/**
 * The chat session of this page: the widget's session if the widget has started, and otherwise the session
 * that the widget would resume. A parameter `user` is undefined for an anonymous visitor.
 */
export interface Session {
  /**
   * Returns the owner of the session. A user whose claim on the session has ended counts as another user,
   * even if it is the wanted user.
   */
  owner(user: Identity | undefined): Owner;
  /** Returns true if the browser has a session that the widget would resume. */
  exists(): boolean;
  /**
   * Returns true if the SDK's cookie for an identified user exists. A logout on the server expires the SDK's
   * cookie.
   */
  alive(): boolean;
  /**
   * Returns true if, in another tab, this user's claim on the session has ended or another user has signed
   * in.
   */
  moved(user: Identity | undefined): boolean;
  /**
   * Returns true if this user's latest claim on a session has ended, so that an identity from the app may be
   * out of date.
   */
  hasLeft(user: Identity): boolean;
  /** Ends the claims of all other users in all tabs, because the visitor is known to be this user. */
  admit(user: Identity | undefined): void;
  /** Records that the widget starts and resumes the browser's session. */
  start(): void;
  /**
   * Records that the widget has loaded with this session. The token is a parameter and is not read from the
   * cookie, because another tab may have replaced the cookie in the meantime.
   */
  begin(token: string): void;
  /**
   * Removes the cookies with which the widget would resume this session. The widget then gets a new session.
   */
  end(): void;
  /** Records that the page has removed the widget. */
  lose(): void;
  /**
   * Claims the session for a user. Returns true if Chatwoot already accepted this exact profile in this
   * session. If Chatwoot has not accepted it, returns false and expires the SDK's cookie, so that the SDK
   * does not skip `setUser`.
   */
  claim(identity: Identity): boolean;
  /** Records that the user was passed to the SDK, which has written its cookie. */
  sent(): void;
  /**
   * Records that Chatwoot has accepted the profile of this identity. If `identity` is null, records that
   * Chatwoot has refused the user.
   */
  judge(identity: Identity | null): void;
}

/**
 * Opens the chat session of an inbox. The SDK skips `setUser` if its cookie `cw_user_<token>` equals a digest
 * of a few fields, and it writes this cookie before the server responds. The SDK therefore never sends a
 * refused user, a changed telephone number, or the user of a lost session again (chatwoot/chatwoot 7065,
 * 13448). This package lets the SDK skip `setUser` only if Chatwoot has accepted the complete profile in this
 * session. In all other cases, this package expires the SDK's cookie.
 */
export function openSession(websiteToken: string): Session {
  const userCookie = `cw_user_${websiteToken}`;
  const memory = openMemory(websiteToken);
  /**
   * The session in the widget: undefined before the widget starts, and an empty string until a new session
   * has loaded.
   */
  let widget: { session: string; resumed: boolean } | undefined;

  const resumable = () => digest(readCookie('cw_conversation'));
  const current = () => (widget ? widget.session : resumable());
  const isCurrent = ({ session }: Claim) => !!session && session === current();
  const sdkCookie = () => digest(readCookie(userCookie));

  /** Returns true if a session without a claim belongs to another user. */
  function isForeign(user: Identity | undefined, claims: Claim[]): boolean {
    const sdk = chatwoot();
    if (sdk?.user) return `${sdk.identifier}` !== user?.identifier; // the app itself has called setUser
    if (widget && !widget.resumed) return false;
    // Chatwoot may switch to another session when it recognises a user. A session without a claim therefore
    // belongs to the user whose claim has not ended, provided that the SDK's cookie is still that user's.
    // Another origin with the same cookies (another port, or a subdomain) may have replaced both cookies, and
    // cannot change the claims. If every claim has ended, the SDK's cookie shows that the session belongs to
    // an unknown user.
    const live = claims.find((claim) => !claim.ended);
    return (!!live && live.user !== digestUser(user)) || sdkCookie() !== (live?.cookie ?? '');
  }

  /** Changes the claim on the current session. */
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
      // Record the claim before the chat has loaded, so that a sign-out during the loading is noticed.
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
 * Returns a digest of the user's hash. A digest of the identifier would be unsafe: short user names often
 * have the same digest, and a user could choose a name with the digest of another user. The next user of the
 * browser would then join that user's session. Users cannot choose their hash.
 */
const digestUser = (identity: Identity | undefined) => digest(identity?.identifier_hash);

const digestProfile = (identity: Identity) => digest(JSON.stringify(identity));

/**
 * Returns a short, non-cryptographic digest of a text, for detecting changes. The digest of an empty text is
 * an empty string.
 */
function digest(text = ''): string {
  let hash = 5381;
  for (const character of text) hash = ((hash * 33) ^ character.codePointAt(0)!) >>> 0;
  return text && hash.toString(36);
}
