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

/** The one connection of a page. */
export interface Connection {
  readonly status: Status;
  /** The state that determines the next step, and that step, for debugging. Contains no hashes or profiles. */
  readonly state: { readonly wanted: string } | undefined;
  /** If `identity` is undefined, fetches it from `options.identityUrl`. */
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

/** How long the page counts as just restored, in milliseconds. */
const RESTORE = 1_000;

/**
 * Reconciles the chat with the wanted user. Inputs only record the wanted user or an event; `reconcile` then takes the
 * steps from the actual state towards the wanted one (`nextStep`). So steps never overlap, the latest identity wins,
 * and nothing queues.
 */
export function createConnection(): Connection {
  let options: InboxOptions | undefined;
  let session: Session;
  let wanted: Wanted = { who: 'unknown' };
  let sent: Sent | undefined;
  let suspended = false;
  let dated = false; // an identity that the app passes in may be from before the user signed out
  let restoredAt = 0; // the time when the back/forward cache restored this page
  let turn = 0; // number of the latest input: responses to earlier requests are ignored

  const report = createReport();

  const widget = followWidget({
    ready(token) {
      forgetSent();
      if (!options) return; // the app may have started the widget itself
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

  /** The wanted user. */
  const user = () => (wanted.who === 'user' ? wanted.identity : undefined);

  const state = (): State => ({
    ...{ wanted, sent, suspended },
    owner: session.owner(user()),
    widget: widget.state,
    fresh: !session.exists(),
    usersOnly: options!.anonymous === 'hide',
  });

  /** A new document of the widget knows no user. A hash that Chatwoot has refused stays refused. */
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
    // Downloads the SDK during the request to the endpoint, if the chat is likely to start afterwards.
    else if (!(usersOnly && fresh)) widget.load(inbox);
  }

  function endSession(): void {
    session.end();
    sent = undefined;
    if (widget.state === 'loading') return; // the widget may still resume the session, which ends once the widget has loaded
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
    if (accepted) return;
    setTimeout(() => {
      if (sent !== pending) return;
      sent = { message, outcome: 'connected' };
      session.judge(identity);
      reconcile();
    }, GRACE);
  }

  function error(detail: unknown): void {
    // An empty detail is caused by the SDK's malformed replay of an earlier user (chatwoot/chatwoot 6610).
    if (!sent || sent.outcome === 'refused' || JSON.stringify(detail) === '{}') return;
    session.judge(null);
    const { message } = sent;
    const reason = /^HMAC/.test((detail as { error: unknown } | null)?.error as string) ? 'hash' : 'error';
    // After the first refusal, the user is sent again immediately: the identity may be out of date, and Chatwoot may have
    // failed for a moment.
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

  /** Starts over, because the app has made a new call. Resolves to true if there was no other input meanwhile. */
  async function renew(): Promise<boolean> {
    const now = ++turn;
    if (report.status !== 'connected' && report.status !== 'anonymous') report.set('connecting');
    await backOff.pause();
    return now === turn;
  }

  /**
   * Checks for changes made elsewhere: in another tab, on the server, or while this page was in the back/forward cache.
   */
  function review(fromTab?: boolean): void {
    if (!options || suspended) return;
    const { identityUrl } = options;
    const unknown = wanted.who === 'unknown';
    // Events that waited in the back/forward cache arrive just after the page is restored.
    const restored = Date.now() - restoredAt < RESTORE;
    if ((!unknown && session.moved(user())) || (identityUrl && (restored || (fromTab && unknown)))) {
      turn++; // the response to an earlier request may be from before the change
      wanted = { who: identityUrl ? 'unknown' : 'anonymous' };
      reconcile();
      if (!identityUrl) return;
      report.set('connecting');
      // Tabs whose endpoint names different users would otherwise sign each other out in turn, without end.
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
    restoredAt = Date.now();
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
      options = { ...next, baseUrl: next.baseUrl.replace(/\/+$/, '') }; // Chatwoot answers a double slash with 404
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
