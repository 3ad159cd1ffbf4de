import type { Identity } from '@chatwoot-identity/core/wire';
import type { InboxOptions } from './options.js';
import { chatwoot, chatwootSDK, loadSdk } from './sdk.js';

/** How long the widget may take to report that it has loaded, in milliseconds. It never reports a failure. */
const READY_TIMEOUT = 30_000;

/** How long the SDK may take to move its elements to another body, in milliseconds. */
const MOVE_TIMEOUT = 250;

/** The elements that the SDK adds to the page. */
const ELEMENTS = '.woot-widget-holder, .woot--bubble-holder, .woot-widget-bubble';

/** `lost`: the widget was started or restarted, and did not report in time. */
export type WidgetState = 'absent' | 'loading' | 'ready' | 'lost';

/** Chatwoot's widget in this page. */
export interface Widget {
  readonly state: WidgetState;
  /** Downloads the SDK, without starting it. */
  load(options: InboxOptions): void;
  /** Starts the widget if it is absent, and restarts it if it is lost. */
  start(options: InboxOptions): void;
  /** Ends the session and reloads the widget, if there is one: it returns to `loading`. */
  reset(): void;
  /** Hides the chat, or shows a hidden one again. */
  setHidden(hidden: boolean): void;
  /** Opens or closes the chat, if it is visible. */
  toggle(state?: 'open' | 'close'): void;
  identify(identity: Identity): void;
}

/** The events of the widget. */
export interface WidgetListener {
  /** A new document of the widget has loaded with this session: after a start or a reset, or because it reloaded itself. */
  ready(token: string): void;
  /** Chatwoot refused a user. The detail can contain the session's token: never show it. */
  error(detail: unknown): void;
  lost(): void;
  /** The page has removed the widget, as Turbo and htmx do when they replace the body. */
  removed(): void;
}

/**
 * Follows the widget of this page, whether this package or the app's own snippet started it.
 *
 * `chatwoot:ready` is dispatched once in a page and never again after a `reset()` (chatwoot/chatwoot 3918). The
 * message `loaded`, which each document of the frame sends, is the reliable event.
 */
export function followWidget(listener: WidgetListener): Widget {
  let state: WidgetState = 'absent';
  let hidden = false;
  let origin: string | undefined; // the widget's
  let frame: HTMLIFrameElement | null | undefined; // the widget's, as last seen
  let script: Promise<unknown> | undefined; // resolves when the SDK has been evaluated
  let timer: ReturnType<typeof setTimeout> | undefined;

  const findFrame = () => document.querySelector<HTMLIFrameElement>('#chatwoot_live_chat_widget');

  function awaitReady(): void {
    state = 'loading';
    clearTimeout(timer);
    timer = setTimeout(lose, READY_TIMEOUT);
  }

  /** The state. The app's own snippet may have started the widget. */
  function readState(): WidgetState {
    const sdk = chatwoot();
    if (state === 'absent' && sdk) {
      if (sdk.hasLoaded) state = 'ready';
      else awaitReady();
    }
    return state;
  }

  function lose(): void {
    if (state === 'lost') return;
    clearTimeout(timer);
    state = 'lost';
    listener.lost();
  }

  /** Whether the page has removed the widget, or contains a copy of one although the SDK does not run. */
  const isReplaced = () => (frame ? !frame.isConnected : !chatwoot() && !!findFrame());

  // With Turbo, the SDK itself moves its elements to the next body, a moment after it removed them from the old one. It
  // does not if other code replaces the body, or if a snapshot contains a copy of them, which has no listeners and may
  // show the session of an earlier user. The SDK is then evaluated again, because it holds a reference to the old body.
  function restart(): void {
    if (!isReplaced()) return;
    for (const element of document.querySelectorAll(ELEMENTS)) element.remove();
    frame = script = window.$chatwoot = window.chatwootSDK = undefined;
    state = 'absent';
    hidden = false;
    clearTimeout(timer);
    listener.removed();
  }
  new MutationObserver(() => {
    if (!isReplaced()) return;
    if (findFrame()) restart();
    else setTimeout(restart, MOVE_TIMEOUT);
  }).observe(document, { childList: true, subtree: true });

  // htmx 1 and 2 store snapshots of the page. The address of the chat's frame contains the token of the session.
  addEventListener('htmx:historyItemCreated', (event) => {
    const { item } = (event as CustomEvent<{ item: { content: string } }>).detail;
    item.content = item.content.replace(/<iframe[^>]*chatwoot_live_chat_widget[^>]*>/g, '');
  });

  // The SDK accepts messages from any frame (chatwoot/chatwoot 13240), so any frame could plant a session that the next
  // user would then join. Here it receives only messages from the chat's frame, and only while that frame shows the
  // origin that it started with: otherwise the SDK would disclose the user to another site.
  addEventListener('message', (event) => {
    const message = /^chatwoot-widget:(\{"event":"loaded")?/.exec(event.data);
    if (!message) return;
    const current = findFrame();
    // A copy of the frame, from a snapshot, may show the session of an earlier user.
    const known = event.source === current?.contentWindow && (!frame || frame === current);
    if (known) origin ??= event.origin;
    if (!known || event.origin !== origin) {
      event.stopImmediatePropagation();
      if (known) lose();
      return;
    }
    if (!message[1]) return;
    frame = current;
    // Without a user, the SDK does not replay its last one, which it would do in a form that the widget cannot read
    // (chatwoot/chatwoot 6610).
    const sdk = chatwoot();
    if (sdk) sdk.user = undefined;
    setTimeout(() => {
      // The SDK has not received the message, because the page has replaced its window.onmessage.
      if (!sdk?.hasLoaded) return;
      clearTimeout(timer);
      state = 'ready';
      listener.ready(JSON.parse(event.data.slice(16)).config.authToken);
    });
  });
  addEventListener('chatwoot:error', (event) => listener.error((event as CustomEvent).detail));

  // An agent's reply opens the chat, even a hidden one.
  addEventListener('chatwoot:opened', () => hidden && chatwoot()?.toggle('close'));

  function load({ baseUrl, nonce }: InboxOptions): Promise<unknown> {
    script ??= chatwootSDK() ? Promise.resolve() : loadSdk(baseUrl, nonce);
    script.catch(() => {
      script = undefined; // the next start tries again
    });
    return script;
  }

  async function run(options: InboxOptions): Promise<void> {
    try {
      await load(options);
      // When the back button loads a page again, WebKit gives a frame that is created before `load` the URL from the
      // history, which contains the session of the user who was in the chat at that time (seen in WebKitGTK 2.50).
      if (isLoadedAgain())
        await new Promise((resolve) => addEventListener('load', () => setTimeout(resolve)));
      if (chatwoot() && findFrame()) return;
      window.$chatwoot = undefined; // an element of that name would make the SDK believe that it already runs
      chatwootSDK()!.run(options);
    } catch {
      lose(); // the SDK was not loaded, or Trusted Types forbid its styles
    }
  }

  function start(options: InboxOptions): void {
    awaitReady();
    if (chatwoot() && findFrame()) {
      reset();
      return;
    }
    window.chatwootSettings = { ...window.chatwootSettings, ...options.settings };
    void run(options);
  }

  function reset(): void {
    const sdk = chatwoot();
    if (!sdk) return;
    awaitReady();
    try {
      sdk.user = undefined;
      // `reset()` navigates the frame, which leaves the old session in the history of the page: the back button would
      // load it again. The first navigation of a new frame adds no entry.
      const old = findFrame()!;
      frame = old.cloneNode() as HTMLIFrameElement;
      frame.removeAttribute('src');
      old.replaceWith(frame);
      sdk.reset();
    } catch {
      // The SDK throws if the widget never loaded, because there is no panel to close. The time-out then reports the
      // failure.
    }
  }

  function setHidden(value: boolean): void {
    if (value === hidden || (value && readState() !== 'ready')) return;
    hidden = value;
    const sdk = chatwoot();
    const settings: { hideMessageBubble?: boolean } | undefined = window.chatwootSettings;
    if (hidden) sdk?.toggle('close');
    sdk?.toggleBubbleVisibility(hidden || settings?.hideMessageBubble ? 'hide' : 'show');
  }

  return {
    get state() {
      return readState();
    },
    load,
    start,
    reset,
    setHidden,
    toggle(wanted) {
      if (state === 'ready' && !hidden) chatwoot()?.toggle(wanted);
    },
    identify({ identifier, ...user }) {
      chatwoot()?.setUser(identifier, user);
    },
  };
}

/** True while the page is loading after a history navigation (back or forward). */
function isLoadedAgain(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'back_forward' && document.readyState !== 'complete';
}
