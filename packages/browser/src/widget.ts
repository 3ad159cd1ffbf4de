import type { Identity } from '@chatwoot-identity/core/wire';
import type { InboxOptions } from './options.js';
import { chatwoot, chatwootSDK, loadSdk } from './sdk.js';

/**
 * The time within which the widget must report that it has loaded, in milliseconds. The widget never reports
 * a failure.
 */
const READY_TIMEOUT = 30_000;

/** The time within which the SDK moves its elements to a new body, in milliseconds. */
const MOVE_TIMEOUT = 250;

/** The selector of the elements that the SDK adds to the page. */
const ELEMENTS = '.woot-widget-holder, .woot--bubble-holder, .woot-widget-bubble';

/**
 * The state of the widget. The state is `lost` if the widget did not report in time after a start or restart,
 * or if its frame has navigated to another site.
 */
export type WidgetState = 'absent' | 'loading' | 'ready' | 'lost';

/** Chatwoot's widget in this page. */
export interface Widget {
  readonly state: WidgetState;
  /** Downloads the SDK without starting the widget. */
  load(options: InboxOptions): void;
  /** Starts the widget if it is absent, and restarts it if it is lost. */
  start(options: InboxOptions): void;
  /**
   * Ends the session and reloads the widget, which returns to the state `loading`. Does nothing if there is
   * no widget.
   */
  reset(): void;
  /** Hides the chat, or shows it again. */
  setHidden(hidden: boolean): void;
  /** Opens or closes the chat, if it is visible. */
  toggle(state?: 'open' | 'close'): void;
  identify(identity: Identity): void;
}

/** The handlers for events of the widget. */
export interface WidgetListener {
  /**
   * Called when the widget has loaded with this session: after a start, after a reset, or because the widget
   * reloaded itself.
   */
  ready(token: string): void;
  /**
   * Called when Chatwoot refused a user. The `detail` can contain the session's token, so it must never be
   * shown.
   */
  error(detail: unknown): void;
  lost(): void;
  /** Called when the page has removed the widget, as Turbo and htmx do when they replace the body. */
  removed(): void;
}

/**
 * Follows the state of the widget in this page, which this package or the app's own snippet may have started.
 *
 * The event `chatwoot:ready` is not reliable: it is dispatched once per page and not again after a `reset()`
 * (chatwoot/chatwoot 3918). The message `loaded`, which each document in the widget's frame sends, is
 * reliable.
 */
export function followWidget(listener: WidgetListener): Widget {
  let state: WidgetState = 'absent';
  let hidden = false;
  let origin: string | undefined; // the origin of the widget's frame
  let frame: HTMLIFrameElement | null | undefined; // the latest known frame of the widget
  let script: Promise<unknown> | undefined; // resolves when the SDK's script has been evaluated
  let timer: ReturnType<typeof setTimeout> | undefined;

  const findFrame = () => document.querySelector<HTMLIFrameElement>('#chatwoot_live_chat_widget');

  function awaitReady(): void {
    state = 'loading';
    clearTimeout(timer);
    timer = setTimeout(lose, READY_TIMEOUT);
  }

  /** Returns the state of the widget, which the app's own snippet may have started. */
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

  /**
   * Returns true if the page has removed the widget, or if it contains a copy of the widget's frame although
   * the SDK does not run.
   */
  const isReplaced = () => (frame ? !frame.isConnected : !chatwoot() && !!findFrame());

  // With Turbo, the SDK itself moves its elements to the new body, shortly after it has removed them from the
  // old body. The SDK does not move its elements if other code replaces the body, or if a snapshot of the
  // page contains a copy of these elements. Elements in a snapshot have no listeners and may show the session
  // of an earlier user. If the SDK does not move its elements, its script must be evaluated again, because
  // the SDK holds a reference to the old body.
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

  // htmx 1 and 2 store the HTML of the page. The address of the chat's frame contains the token of the session.
  addEventListener('htmx:historyItemCreated', (event) => {
    const { item } = (event as CustomEvent<{ item: { content: string } }>).detail;
    item.content = item.content.replace(/<iframe[^>]*chatwoot_live_chat_widget[^>]*>/g, '');
  });

  // The SDK accepts messages from any frame (chatwoot/chatwoot 13240), so any frame could plant a session
  // that the next user would then join. This listener blocks all messages that do not come from the chat's
  // frame. Messages from the chat's frame after its navigation to another origin are also blocked, because
  // the SDK would disclose the user to that origin.
  addEventListener('message', (event) => {
    const message = /^chatwoot-widget:(\{"event":"loaded")?/.exec(event.data);
    if (!message) return;
    const current = findFrame();
    // Block messages from a copy of the frame in a snapshot, because the copy may show the session of an
    // earlier user.
    const known = event.source === current?.contentWindow && (!frame || frame === current);
    if (known) origin ??= event.origin;
    if (!known || event.origin !== origin) {
      event.stopImmediatePropagation();
      if (known) lose();
      return;
    }
    if (!message[1]) return;
    frame = current;
    // Remove the last user from the SDK, because the SDK would send that user again, in a form that the
    // widget cannot read (chatwoot/chatwoot 6610).
    const sdk = chatwoot();
    if (sdk) sdk.user = undefined;
    setTimeout(() => {
      // If the page has replaced its window.onmessage, the SDK has not received the message.
      if (!sdk?.hasLoaded) return;
      clearTimeout(timer);
      state = 'ready';
      listener.ready(JSON.parse(event.data.slice(16)).config.authToken);
    });
  });
  addEventListener('chatwoot:error', (event) => listener.error((event as CustomEvent).detail));

  // An agent's reply opens the chat even if it is hidden.
  addEventListener('chatwoot:opened', () => hidden && chatwoot()?.toggle('close'));

  function load({ baseUrl, nonce }: InboxOptions): Promise<unknown> {
    script ??= chatwootSDK() ? Promise.resolve() : loadSdk(baseUrl, nonce);
    script.catch(() => {
      script = undefined; // lets the next start load the script again
    });
    return script;
  }

  async function run(options: InboxOptions): Promise<void> {
    try {
      await load(options);
      // If the back button loads a page again, WebKit restores the old URL of a frame that is created before
      // `load`. The old URL contains the session of the user who was in the chat at that time (seen in
      // WebKitGTK 2.50).
      if (isLoadedAgain())
        await new Promise((resolve) => addEventListener('load', () => setTimeout(resolve)));
      if (chatwoot() && findFrame()) return;
      window.$chatwoot = undefined; // the SDK would mistake an element with this id for a running SDK
      chatwootSDK()!.run(options);
    } catch {
      lose(); // the SDK could not be loaded, or Trusted Types forbid its styles
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
      // The SDK's `reset()` navigates the frame, which adds a history entry, so the back button could load
      // the old session again. Replace the frame first, because the first navigation of a new frame adds no
      // history entry.
      const old = findFrame()!;
      frame = old.cloneNode() as HTMLIFrameElement;
      frame.removeAttribute('src');
      old.replaceWith(frame);
      sdk.reset();
    } catch {
      // The SDK throws if the widget never loaded, because there is no panel to close. The time-out reports
      // this failure.
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

/** Returns true while the page is loading after a history navigation (back or forward). */
function isLoadedAgain(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'back_forward' && document.readyState !== 'complete';
}
