import type { Identity } from '@chatwoot-identity/core/wire';
import { createBackOff } from './back-off.js';
import { askEndpoint } from './endpoint.js';
import { assertSigned } from './identity.js';
import type { InboxOptions } from './options.js';
import { nextStep, type Sent, type State, type Wanted } from './plan.js';
import { announce, createReport, type Status } from './report.js';
import { chatwoot } from './sdk.js';
import { openSession, type Session } from './session.js';
import { followWidget } from './widget.js';

/** The connection between a page and the chat. Each page has exactly one connection. */
export interface Connection {
  readonly status: Status;
  /**
   * The current state and the next step, for debugging, without hashes and profiles. `wanted` is the identifier of the
   * wanted user, `anonymous` or `unknown`.
   */
  readonly state: { readonly wanted: string } | undefined;
  /**
   * Connects the chat to a user, or to an anonymous visitor if `identity` is null. If `identity` is
   * undefined, fetches the identity from `options.identityUrl`.
   */
  connect(identity: Identity | null | undefined, options: InboxOptions): Promise<void>;
  disconnect(): void;
  refresh(): Promise<void>;
  suspend(): void;
  toggle(state?: 'open' | 'close'): void;
  /** Calls the listener whenever the status may have changed. */
  subscribe(listener: () => void): () => void;
}

/** The time after which an identity counts as accepted if Chatwoot has not refused it, in milliseconds. */
const GRACE = 3_000;

/** The time for which a page counts as just restored from the back/forward cache, in milliseconds. */
const RESTORE = 1_000;

/**
 * Creates the connection, which reconciles the chat with the wanted user. An input (an API call or a browser
 * event) only records the wanted user or the event. The function `reconcile` then brings the chat from the
 * actual state to the wanted state, one step at a time (`nextStep`). Steps therefore never overlap, the
 * latest identity wins, and nothing is queued.
 */
export function createConnection(): Connection {
  let options: InboxOptions | undefined;
  let session: Session;
  let wanted: Wanted = { who: 'unknown' };
  let sent: Sent | undefined;
  let suspended = false;
  let dated = false; // true if an identity that the app passes may be older than the latest sign-out
  let restoredAt = -RESTORE; // the time when the back/forward cache restored this page
  let turn = 0; // the number of the latest input; responses to earlier requests are ignored

  const report = createReport();

  const widget = followWidget({
    ready(token) {
      forgetSent();
      if (!options) return; // the app has started the widget itself and has not called connect()
      session.begin(token);
      reconcile();
    },
    error,
    lost() {
      if (!options || suspended) return;
      backOff.failed(false);
      report.set('unavailable', 'widget');
    },
    removed() {
      forgetSent();
      if (!options) return;
      session.lose();
      if (suspended) return;
      report.set('connecting');
      backOff.disturbed(reconcile);
    },
  });

  const backOff = createBackOff(() => {
    if (suspended) return;
    if (options?.identityUrl) void ask();
    else reconcile();
  });

  /** Returns the identity of the wanted user; undefined for an anonymous or unknown visitor. */
  const user = () => (wanted.who === 'user' ? wanted.identity : undefined);

  const state = (): State => ({
    ...{ wanted, sent, suspended },
    owner: session.owner(user()),
    widget: widget.state,
    fresh: !session.exists(),
    usersOnly: options!.anonymous === 'hide',
  });

  /**
   * Forgets the identity that was sent, because a newly loaded widget has not received it. Does not forget an
   * identity that Chatwoot refused, because sending a wrong hash again is useless.
   */
  function forgetSent(): void {
    if (sent?.outcome !== 'refused') sent = undefined;
  }

  function want(identity: Identity | null): void {
    turn++;
    wanted = identity ? { who: 'user', identity } : { who: 'anonymous' };
    session.admit(user());
    reconcile();
  }

  function reconcile(): void {
    if (!options) return;
    const step = nextStep(state());
    if (step === 'end session') {
      endSession();
    } else if (step === 'start widget') {
      session.start();
      widget.start(options);
    } else if (step === 'send user') {
      send();
    } else {
      rest(step, options);
      return;
    }
    reconcile();
  }

  function rest(step: Status | 'wait', inbox: InboxOptions): void {
    const { fresh, usersOnly } = state();
    widget.setHidden(suspended || wanted.who === 'unknown' || (usersOnly && wanted.who === 'anonymous'));
    if (step !== 'wait') report.set(step, step === 'refused' ? 'hash' : undefined);
    // If the chat is likely to start, download the SDK while the request to the endpoint is pending.
    else if (!(usersOnly && fresh)) widget.load(inbox);
  }

  function endSession(): void {
    session.end();
    sent = undefined;
    // A widget that is still loading may resume the ended session. In that case, `reconcile` ends the session
    // again after the widget has loaded.
    if (widget.state === 'loading') return;
    widget.reset();
    announce('reset');
  }

  function send(): void {
    if (wanted.who !== 'user') return;
    const { identity } = wanted;
    const message = JSON.stringify(identity);
    const accepted = session.claim(identity);
    const pending: Sent = { message, outcome: accepted ? 'connected' : 'connecting' };
    sent = pending;
    widget.identify(identity);
    session.sent();
    if (accepted) return;
    setTimeout(() => {
      if (sent !== pending) return;
      sent = { message, outcome: 'connected' };
      session.judge(identity);
      reconcile();
    }, GRACE);
  }

  function error(detail: unknown): void {
    // Ignore an event with an empty detail: it means that the SDK has sent an earlier user again, in a
    // malformed message (chatwoot/chatwoot 6610).
    if (!sent || sent.outcome === 'refused' || JSON.stringify(detail) === '{}') return;
    session.judge(null);
    const { message } = sent;
    const reason = /^HMAC/.test((detail as { error: unknown } | null)?.error as string) ? 'hash' : 'error';
    // Send the user again immediately after the first refusal, because the identity may be out of date or
    // Chatwoot may have failed temporarily.
    const final = backOff.failed(true) > 1;
    sent = final && reason === 'hash' ? { message, outcome: 'refused' } : undefined;
    if (!suspended) report.set(final ? 'refused' : 'connecting', final ? reason : undefined);
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
      report.set('unavailable', 'session', (error as Error).message);
    }
  }

  /**
   * Prepares a new API call by the app. Waits for the pause of the back-off, and resolves to true if no other
   * input arrived in the meantime.
   */
  async function renew(): Promise<boolean> {
    const now = ++turn;
    if (report.status !== 'connected' && report.status !== 'anonymous') report.set('connecting');
    await backOff.pause();
    return now === turn;
  }

  /**
   * Checks whether the user has changed in another tab, on the server, or while this page was in the
   * back/forward cache.
   */
  function review(fromTab?: boolean): void {
    if (!options || suspended) return;
    const { identityUrl } = options;
    const unknown = wanted.who === 'unknown';
    // Events that were queued in the back/forward cache are dispatched just after the page is restored.
    const restored = performance.now() - restoredAt < RESTORE;
    if ((!unknown && session.moved(user())) || (identityUrl && (restored || (fromTab && unknown)))) {
      turn++; // ignore the response to a pending request, because it may be older than the change
      wanted = { who: identityUrl ? 'unknown' : 'anonymous' };
      reconcile();
      if (!identityUrl) return;
      report.set('connecting');
      // Without the back-off, tabs that receive different users from their endpoints would sign each other
      // out in an endless loop.
      if (restored) void ask();
      else backOff.disturbed(ask);
    } else if (identityUrl && sent?.outcome === 'connected' && !session.alive()) {
      void ask();
    } else if (report.status === 'unavailable' || report.status === 'refused') {
      backOff.request();
    }
  }

  addEventListener('pageshow', ({ persisted }) => {
    if (!persisted) return;
    restoredAt = performance.now();
    review();
  });
  addEventListener('storage', ({ key }) => {
    if (!key || key.startsWith('chatwoot-identity')) review(true);
  });
  addEventListener('online', () => review());
  document.addEventListener('visibilitychange', () => document.hidden || review());

  return {
    get status() {
      return report.status;
    },
    get state() {
      if (!options) return undefined;
      const now = state();
      return { ...now, wanted: user()?.identifier ?? wanted.who, sent: sent?.outcome, next: nextStep(now) };
    },
    async connect(identity, next) {
      if (identity) assertSigned(identity);
      if ((document as { prerendering?: boolean }).prerendering) {
        dated = true;
        await new Promise((resolve) => document.addEventListener('prerenderingchange', resolve));
      }
      const inbox = chatwoot()?.websiteToken ?? options?.websiteToken ?? next.websiteToken;
      if (inbox !== next.websiteToken) return report.set('unavailable', 'inbox');
      session ??= openSession(inbox);
      options = { ...next, baseUrl: next.baseUrl.replace(/\/+$/, '') }; // Chatwoot responds to a double slash with 404
      suspended = false;
      if (!(await renew())) return;
      const doubtful = dated || (identity && session.hasLeft(identity));
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
    },
    toggle: widget.toggle,
    subscribe: report.subscribe,
  };
}
