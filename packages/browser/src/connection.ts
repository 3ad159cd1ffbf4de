import { createBackOff } from './back-off.js';
import { askEndpoint } from './endpoint.js';
import { assertSigned, type Identity } from './identity.js';
import type { InboxOptions } from './options.js';
import { ANONYMOUS, isSame, type Owner, STRANGER } from './owner.js';
import { nextStep, type State, type Wanted } from './plan.js';
import { announce, type Reason, type Status } from './report.js';
import { chatwoot } from './sdk.js';
import { openSession, type Session } from './session.js';
import { followWidget, type Widget } from './widget.js';

/** The one connection of a page. */
export interface Connection {
  readonly status: Status;
  /** The wanted user, the user in the chat and the next step, for debugging. Contains no hashes or profiles. */
  readonly state: object | undefined;
  /** `undefined` asks `options.identityUrl` who is signed in. */
  connect(identity: Identity | null | undefined, options: InboxOptions): Promise<void>;
  disconnect(): void;
  refresh(): Promise<void>;
  suspend(): void;
  toggle(state?: 'open' | 'close'): void;
  /** Calls the listener whenever the status may have changed. */
  subscribe(listener: () => void): () => void;
}

/** How long Chatwoot has to refuse an identity before it counts as accepted, in milliseconds. */
const GRACE = 3_000;

/**
 * How long `unavailable` is delayed, in milliseconds: when the user leaves a page, Firefox aborts its requests, which
 * looks like a failure.
 */
const NOTICE = 250;

/** A removed widget is restarted at once if its previous removal was longer ago than this, in milliseconds. */
const REMOVALS = 2_000;

/** The longest time that `connect` and `refresh` wait after failures, in milliseconds. */
const OWN_CALL = 1_000;

/**
 * Reconciles the chat with the wanted user. Inputs only record the wanted state or an event; `reconcile` then takes
 * the steps from the actual state towards it (`nextStep`). So steps never overlap, the latest identity wins, and
 * nothing queues.
 */
export function createConnection(): Connection {
  let options: InboxOptions | undefined;
  let session: Session;
  let status: Status = 'idle';
  let wanted: Wanted = { who: 'unknown' };
  let occupant: Owner = ANONYMOUS;
  let sent: State['sent'];
  let refusal: State['refusal'];
  let suspended = false;
  let dated = false; // an identity that the app passes in may be from before the user signed out
  let retried = false; // the identity was fetched again after a refused hash
  let turn = 0; // number of the latest input: responses to earlier requests are ignored
  let removedAt = 0;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let notice: typeof grace;
  const listeners = new Set<() => void>();

  const widget: Widget = followWidget({
    ready(token) {
      clearTimeout(grace);
      sent = undefined;
      if (!options) return; // the app may have started the widget itself
      session.begin(token);
      // The back button can load the session of an earlier user into the frame, and another tab may share this session.
      const other = sharer();
      if (other.who !== 'anonymous') occupant = other;
      reconcile();
    },
    error,
    lost() {
      if (!options || suspended) return;
      backOff.failed(false);
      unavailable('widget');
    },
    removed() {
      clearTimeout(grace);
      sent = undefined;
      if (!options || suspended) return;
      settle('connecting');
      // One removal per navigation is normal. A page that keeps removing the widget must not flood Chatwoot with
      // requests.
      if (Date.now() - removedAt > REMOVALS) reconcile();
      else backOff.failed(true);
      removedAt = Date.now();
    },
  });

  const backOff = createBackOff(() => {
    if (suspended) return;
    if (refusal) refusal.again = refusal.reason === 'error';
    if (options?.identityUrl && (refusal || wanted.who === 'unknown')) void ask();
    else reconcile();
  });

  /**
   * The user who claimed this tab's session in another tab. Without an endpoint, this page cannot tell whether that
   * user is its visitor, so it leaves the session to them and starts a new one.
   */
  function sharer(): Owner {
    const owner = session.sharer();
    return owner.who === 'user' && wanted.who === 'anonymous' && !options?.identityUrl ? STRANGER : owner;
  }

  const state = (): State => ({
    ...{ wanted, occupant, sent, refusal, suspended },
    widget: widget.state,
    fresh: !session.exists(),
    anonymous: options!.anonymous,
  });

  function settle(next: Status, reason?: Reason, hint?: string): void {
    clearTimeout(notice);
    if (next === status) return;
    status = next;
    if (reason || next === 'connected') announce(next, reason, hint);
    for (const listener of listeners) listener();
  }

  /**
   * Changes the status to `unavailable` after a short delay, unless it changes otherwise by then. A hidden page, such
   * as one that is being left, does not announce it.
   */
  function unavailable(reason: Reason, hint?: string): void {
    if (status === 'unavailable') return;
    settle('connecting');
    notice = setTimeout(() => settle('unavailable', document.hidden ? undefined : reason, hint), NOTICE);
  }

  function want(identity: Identity | null): void {
    if (identity) assertSigned(identity);
    turn++;
    if (wanted.who === 'user' && wanted.identifier !== identity?.identifier) session.leave(wanted.identifier);
    if (occupant.who === 'anonymous') occupant = session.holder();
    wanted = identity
      ? { who: 'user', identifier: identity.identifier, identity, message: JSON.stringify(identity) }
      : ANONYMOUS;
    reconcile();
  }

  function reconcile(): void {
    if (!options) return;
    const now = state();
    const step = nextStep(now);
    if (step === 'forget session') {
      session.forget(occupant, true);
      occupant = STRANGER;
    } else if (step === 'end session') {
      endSession();
    } else if (step === 'start widget') {
      // The browser has no session, so one that is remembered, or marked by the SDK's cookie, no longer exists.
      if (wanted.who === 'unknown') session.forget(session.holder(), false);
      widget.start(options);
    } else if (step === 'send user') {
      send();
    } else {
      rest(step, now);
      return;
    }
    reconcile();
  }

  function rest(step: Status | 'wait', { anonymous, fresh }: State): void {
    const hide = anonymous === 'hide';
    widget.setHidden(suspended || wanted.who === 'unknown' || (wanted.who === 'anonymous' && hide));
    if (step !== 'wait') settle(step, step === 'refused' ? refusal?.reason : undefined);
    // Downloads the SDK while the response is pending, if the chat is likely to start afterwards.
    else if (!suspended && !(hide && fresh)) widget.load(options!);
  }

  function endSession(): void {
    clearTimeout(grace);
    session.forget(occupant, false);
    occupant = ANONYMOUS;
    sent = refusal = undefined;
    widget.reset();
    announce('reset');
  }

  function send(): void {
    if (wanted.who !== 'user') return;
    const { identity, identifier, message } = wanted;
    clearTimeout(grace);
    if (refusal) refusal.again = false;
    occupant = { who: 'user', identifier };
    sent = { message, accepted: session.claim(identity) };
    widget.identify(identity);
    if (sent.accepted) return;
    grace = setTimeout(() => {
      sent = { message, accepted: true };
      refusal = undefined;
      session.accept(identity);
      reconcile();
    }, GRACE);
  }

  function error(detail: unknown): void {
    // An empty detail is caused by the SDK's malformed replay of an earlier user (chatwoot/chatwoot 6610).
    if (!sent || JSON.stringify(detail) === '{}') return;
    clearTimeout(grace);
    session.reject(occupant);
    const { message } = sent;
    sent = undefined;
    const hash = /^HMAC/.test((detail as { error: unknown } | null)?.error as string);
    if (hash && !retried && options?.identityUrl) {
      retried = true;
      settle('connecting');
      void ask();
    } else if (hash || backOff.failed(true) > 1) {
      refusal = { message, reason: hash ? 'hash' : 'error', again: false };
      reconcile();
    } else settle('connecting'); // it is sent again at once
  }

  async function ask(): Promise<void> {
    const { identityUrl, headers } = options ?? {};
    if (!identityUrl) throw new TypeError('connect() needs identityUrl');
    const now = ++turn;
    try {
      const identity = await askEndpoint(identityUrl, headers);
      if (now !== turn) return;
      dated = false;
      want(identity);
    } catch (error) {
      if (now !== turn) return;
      wanted = { who: 'unknown' };
      reconcile();
      backOff.failed(true);
      unavailable('session', (error as Error).message);
    }
  }

  /**
   * Clears what earlier failures blocked, because the app has made a new call. A refused hash stays refused. Resolves
   * to true if no other input came meanwhile.
   */
  async function renew(): Promise<boolean> {
    const now = ++turn;
    retried = false;
    if (refusal?.reason === 'error') refusal = undefined;
    const wait = backOff.wait(OWN_CALL);
    if (wait || wanted.who === 'unknown') settle('connecting');
    await (wait && new Promise((resolve) => setTimeout(resolve, wait)));
    return now === turn;
  }

  /**
   * Checks for changes made elsewhere: in another tab, on the server, or while this page was in the back/forward cache.
   */
  function review(restored?: boolean): void {
    if (!options || suspended) return;
    const hasMoved = () =>
      !isSame(session.owner(), occupant) && (wanted.who !== 'user' || isSame(occupant, wanted));
    const moved = hasMoved();
    if (occupant.who === 'anonymous' && widget.state === 'ready') occupant = sharer();
    if (occupant.who !== 'anonymous' && hasMoved()) want(null);
    if (options.identityUrl && (moved || restored || (sent?.accepted && !session.alive()))) {
      if (restored) {
        wanted = { who: 'unknown' };
        settle('connecting');
        reconcile();
      }
      void ask();
    } else if (status === 'unavailable' || refusal?.reason === 'error') backOff.request();
  }

  addEventListener('pageshow', (event) => event.persisted && review(true));
  addEventListener('storage', ({ key }) => (!key || key.startsWith('chatwoot-identity')) && review());
  addEventListener('online', () => review());
  document.addEventListener('visibilitychange', () => document.hidden || review());

  return {
    get status() {
      return status;
    },
    get state() {
      const name = (each: Wanted | Owner) => (each.who === 'user' ? each.identifier : each.who);
      return (
        options && {
          ...{ wanted: name(wanted), occupant: name(occupant), widget: widget.state },
          next: nextStep(state()),
        }
      );
    },
    async connect(identity, next) {
      if (identity) assertSigned(identity);
      if ((document as { prerendering?: boolean }).prerendering) {
        dated = true;
        await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve));
      }
      const inbox = chatwoot()?.websiteToken ?? options?.websiteToken ?? next.websiteToken;
      if (inbox !== next.websiteToken) return unavailable('inbox');
      session ??= openSession(inbox);
      options = { ...next, baseUrl: next.baseUrl.replace(/\/+$/, '') }; // Chatwoot answers a double slash with 404
      suspended = false;
      if (!(await renew())) return;
      const doubtful = dated || (identity && session.hasLeft(identity.identifier));
      if (identity !== undefined && !(doubtful && next.identityUrl)) return want(identity);
      reconcile();
      await ask();
    },
    disconnect() {
      if (options) want(null);
    },
    async refresh() {
      if (!suspended && (await renew())) await ask();
    },
    suspend() {
      if (!options) return;
      turn++;
      suspended = dated = true;
      wanted = { who: 'unknown' };
      reconcile();
      settle('idle');
    },
    toggle: widget.toggle,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
