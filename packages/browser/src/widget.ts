import type { Identity } from './identity.js';
import type { InboxOptions } from './options.js';
import type { ChatwootSettings } from './settings.js';

declare global {
  interface Window {
    chatwootSettings?: ChatwootSettings;
    chatwootSDK?: { run(options: { baseUrl: string; websiteToken: string }): void };
    $chatwoot?: {
      readonly websiteToken: string;
      readonly hasLoaded?: boolean;
      readonly identifier?: string | number;
      user?: object | undefined;
      setUser(identifier: string, user: object): void;
      reset(): void;
      toggle(state?: 'open' | 'close'): void;
      toggleBubbleVisibility(visibility: 'show' | 'hide'): void;
    };
  }
}

/** How long the widget may take to report in, in milliseconds. It never says that it failed. */
const READY_TIMEOUT = 30_000;

/** Chatwoot's widget in this page. */
export interface Widget {
  /** `lost`: the widget was started, or restarted, and did not report in. */
  readonly state: 'absent' | 'loading' | 'ready' | 'lost';
  /** Starts the widget where it is absent, starts it anew where it is lost. */
  start(options: InboxOptions): void;
  /** Ends the session and reloads the widget, if there is one: it goes back to `loading`. */
  reset(): void;
  /** Hides the chat, or shows a hidden one again. */
  veil(hidden: boolean): void;
  /** Opens or closes a chat that can be seen. */
  toggle(state?: 'open' | 'close'): void;
  identify(identity: Identity): void;
}

/** What the widget tells. */
export interface WidgetListener {
  /** A fresh document of the widget is listening: at the start, after a reset, after a reload of its own. With its session. */
  ready(token: string): void;
  /** Chatwoot refused a user. The detail can hold the session's token: not to be shown. */
  error(detail: unknown): void;
  lost(): void;
}

/**
 * Follows the widget of this page, whoever started it.
 *
 * `chatwoot:ready` comes once in a page and never again after a `reset()` (chatwoot/chatwoot 3918), so what
 * counts is the message `loaded` that each document of the iframe sends.
 */
export function followWidget(listener: WidgetListener): Widget {
  let state: Widget['state'] = 'absent';
  let veiled = false;
  let home: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function expect(): void {
    state = 'loading';
    clearTimeout(timer);
    timer = setTimeout(lose, READY_TIMEOUT);
  }

  function lose(): void {
    clearTimeout(timer);
    state = 'lost';
    listener.lost();
  }

  function adopt(): void {
    if (state !== 'absent' || !window.$chatwoot) return;
    if (window.$chatwoot.hasLoaded) state = 'ready';
    else expect();
  }

  // The SDK believes whoever sends it messages (chatwoot/chatwoot 13240): any frame could plant a session of its own,
  // which the next user would then be signed in to. So it hears the chat's frame only, and that one only as long as it
  // shows the site that it began with: at the word of another, the user would be sent there.
  addEventListener('message', (event) => {
    const message = /^chatwoot-widget:(\{"event":"loaded")?/.exec(event.data);
    if (!message) return;
    const frame = document.querySelector<HTMLIFrameElement>('#chatwoot_live_chat_widget');
    const known = event.source === frame?.contentWindow;
    if (known) home ??= event.origin;
    if (!known || event.origin !== home) {
      event.stopImmediatePropagation();
      if (known) lose();
      return;
    }
    if (!message[1]) return;
    // The SDK would now replay its last user in a form that the widget cannot read (chatwoot/chatwoot 6610).
    if (window.$chatwoot) window.$chatwoot.user = undefined;
    setTimeout(() => {
      // Not loaded in the SDK's own eyes: the page has taken window.onmessage from it.
      if (!window.$chatwoot?.hasLoaded) return;
      clearTimeout(timer);
      state = 'ready';
      listener.ready(JSON.parse(event.data.slice(16)).config.authToken);
    });
  });
  addEventListener('chatwoot:error', (event) => listener.error((event as CustomEvent).detail));

  // An agent's reply opens the chat by itself.
  addEventListener('chatwoot:opened', () => veiled && window.$chatwoot?.toggle('close'));

  return {
    get state() {
      adopt();
      return state;
    },

    start(options) {
      expect();
      if (window.$chatwoot) return this.reset();
      const baseUrl = options.baseUrl.replace(/\/+$/, ''); // a second slash is a 404 in Chatwoot
      const run = () => window.chatwootSDK?.run({ baseUrl, websiteToken: options.websiteToken });
      window.chatwootSettings = { ...window.chatwootSettings, ...options.settings };
      if (window.chatwootSDK) return run();
      const script = document.createElement('script');
      script.src = `${baseUrl}/packs/js/sdk.js`;
      script.nonce = options.nonce ?? document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
      script.onload = run;
      script.onerror = lose;
      // The SDK takes hold of <body> as soon as it is evaluated.
      if (document.body) document.body.append(script);
      else addEventListener('DOMContentLoaded', () => document.body.append(script));
    },

    reset() {
      if (!window.$chatwoot) return;
      expect();
      try {
        window.$chatwoot.user = undefined;
        window.$chatwoot.reset();
      } catch {
        // A widget that never loaded has no panel to close: the SDK stumbles, the time-out tells.
      }
    },

    veil(hidden) {
      if (this.state !== 'ready') return;
      if (hidden) window.$chatwoot?.toggle('close');
      if (hidden || (veiled && !window.chatwootSettings?.hideMessageBubble))
        window.$chatwoot?.toggleBubbleVisibility(hidden ? 'hide' : 'show');
      veiled = hidden;
    },

    toggle(wanted) {
      if (state === 'ready' && !veiled) window.$chatwoot?.toggle(wanted);
    },

    identify({ identifier, ...user }) {
      window.$chatwoot?.setUser(identifier, user);
    },
  };
}
