import type { Identity } from './identity.js';
import type { InboxOptions } from './options.js';
import { chatwoot, chatwootSDK, createSdkScript } from './sdk.js';

/** How long the widget may take to report, in milliseconds. It never reports a failure. */
const READY_TIMEOUT = 30_000;

/** How long the SDK may take to move its elements to another body, in milliseconds. */
const MOVE_TIMEOUT = 250;

/** What the SDK adds to the page. */
const ELEMENTS = '.woot-widget-holder, .woot--bubble-holder, .woot-widget-bubble';

/** Chatwoot's widget in this page. */
export interface Widget {
  /** `lost`: the widget was started, or restarted, and did not report. */
  readonly state: 'absent' | 'loading' | 'ready' | 'lost';
  /** Downloads the SDK, without starting it. */
  load(options: InboxOptions): void;
  /** Starts the widget if it is absent, and restarts it if it is lost. */
  start(options: InboxOptions): void;
  /** Ends the session and reloads the widget, if there is one: it returns to `loading`. */
  reset(): void;
  /** Hides the chat, or shows a hidden one again. */
  setHidden(hidden: boolean): void;
  /** Opens or closes a chat that can be seen. */
  toggle(state?: 'open' | 'close'): void;
  identify(identity: Identity): void;
}

/** The events of the widget. */
export interface WidgetListener {
  /** A new document of the widget is listening, with this session: after a start, a reset, or a reload of its own. */
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
  let state: Widget['state'] = 'absent';
  let hidden = false;
  let origin: string | undefined; // of the widget
  let frame: HTMLIFrameElement | null | undefined; // that was heard of last
  let script: HTMLScriptElement | undefined; // the SDK's, while it loads
  let run: (() => void) | undefined; // what to do when it has loaded
  let timer: ReturnType<typeof setTimeout> | undefined;

  const findFrame = () => document.querySelector<HTMLIFrameElement>('#chatwoot_live_chat_widget');

  function awaitReady(): void {
    state = 'loading';
    clearTimeout(timer);
    timer = setTimeout(lose, READY_TIMEOUT);
  }

  function lose(): void {
    clearTimeout(timer);
    state = 'lost';
    listener.lost();
  }

  // With Turbo, the SDK moves its elements to the next body by itself, a moment after it took them out of the old one.
  // It does not if other code replaces the body, or if a snapshot holds a copy of them, which has no listeners and may
  // show the session of a user who has left. The SDK is then evaluated anew: it keeps hold of the body that it found.
  function restart(): void {
    if (frame?.isConnected !== false) return;
    for (const element of document.querySelectorAll(ELEMENTS)) element.remove();
    frame = run = window.$chatwoot = window.chatwootSDK = undefined;
    state = 'absent';
    hidden = false;
    clearTimeout(timer);
    listener.removed();
  }
  new MutationObserver(() => {
    if (frame?.isConnected !== false) return;
    if (findFrame()) restart();
    else setTimeout(restart, MOVE_TIMEOUT);
  }).observe(document, { childList: true, subtree: true });

  // The SDK believes every frame that sends it messages (chatwoot/chatwoot 13240): any of them could plant a session,
  // which the next user would then be signed in to. So it only receives those of the chat's frame, and only while that
  // shows the site that it began with: a user sent to another site would be disclosed to it.
  addEventListener('message', (event) => {
    const message = /^chatwoot-widget:(\{"event":"loaded")?/.exec(event.data);
    if (!message) return;
    const current = findFrame();
    // A copy of the frame, from a snapshot, may show the session of a user who has left.
    const known = event.source === current?.contentWindow && (!frame || frame === current);
    if (known) origin ??= event.origin;
    if (!known || event.origin !== origin) {
      event.stopImmediatePropagation();
      if (known) lose();
      return;
    }
    if (!message[1]) return;
    frame = current;
    // The SDK would now replay its last user in a form that the widget cannot read (chatwoot/chatwoot 6610).
    const sdk = chatwoot();
    if (sdk) sdk.user = undefined;
    setTimeout(() => {
      // Not loaded in the SDK's own eyes: the page has taken window.onmessage from it.
      if (!sdk?.hasLoaded) return;
      clearTimeout(timer);
      state = 'ready';
      listener.ready(JSON.parse(event.data.slice(16)).config.authToken);
    });
  });
  addEventListener('chatwoot:error', (event) => listener.error((event as CustomEvent).detail));

  // An agent's reply opens the chat by itself.
  addEventListener('chatwoot:opened', () => hidden && chatwoot()?.toggle('close'));

  return {
    get state() {
      const sdk = chatwoot();
      if (state === 'absent' && sdk) {
        if (sdk.hasLoaded) state = 'ready';
        else awaitReady();
      }
      return state;
    },

    load({ baseUrl, nonce }) {
      if (script || chatwootSDK()) return;
      try {
        script = createSdkScript(baseUrl, nonce);
      } catch {
        setTimeout(() => run && lose());
        return;
      }
      const element = script;
      element.onload = element.onerror = (event) => {
        script = undefined;
        if ((event as Event).type === 'load') run?.();
        else if (run) lose();
      };
      const append = () => document.body.append(element);
      // The SDK takes hold of <body> as soon as it is evaluated.
      if (document.body) append();
      else addEventListener('DOMContentLoaded', append);
    },

    start(options) {
      awaitReady();
      if (chatwoot() && findFrame()) return this.reset();
      window.chatwootSettings = { ...window.chatwootSettings, ...options.settings };
      run = () => {
        // When Back loads a page again, WebKit gives a frame that is created before `load` the address that it had in the
        // history: the session of the user who was in the chat then (seen in WebKitGTK 2.50).
        if (isLoadedAgain()) {
          addEventListener('load', () => setTimeout(() => run?.()));
          return;
        }
        run = undefined;
        if (chatwoot() && findFrame()) return;
        window.$chatwoot = undefined; // an element of that name: the SDK takes it for a sign that it runs already
        try {
          chatwootSDK()?.run(options);
        } catch {
          setTimeout(lose); // Trusted Types forbid its styles
        }
      };
      if (chatwootSDK()) run();
      else this.load(options);
    },

    reset() {
      const sdk = chatwoot();
      if (!sdk) return;
      awaitReady();
      try {
        sdk.user = undefined;
        // `reset()` navigates the frame, which leaves the old session in the history of the page: Back would load it
        // again. The first navigation of a new frame adds no entry.
        const old = findFrame()!;
        frame = old.cloneNode() as HTMLIFrameElement;
        frame.removeAttribute('src');
        old.replaceWith(frame);
        sdk.reset();
      } catch {
        // A widget that never loaded has no panel to close: the SDK throws, the time-out reports it.
      }
    },

    setHidden(value) {
      if (this.state !== 'ready') return;
      const sdk = chatwoot();
      const settings: { hideMessageBubble?: boolean } | undefined = window.chatwootSettings;
      if (value) sdk?.toggle('close');
      if (value || (hidden && !settings?.hideMessageBubble))
        sdk?.toggleBubbleVisibility(value ? 'hide' : 'show');
      hidden = value;
    },

    toggle(wanted) {
      if (state === 'ready' && !hidden) chatwoot()?.toggle(wanted);
    },

    identify({ identifier, ...user }) {
      chatwoot()?.setUser(identifier, user);
    },
  };
}

/** True while a page is loading that the visitor has returned to through the history. */
function isLoadedAgain(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation?.type === 'back_forward' && document.readyState !== 'complete';
}
