import { suspend } from '@chatwoot-identity/browser';

/** How long the chat stays visible without a widget, in milliseconds: a navigation may show `loading.js` first. */
const GRACE = 1_000;

let mounted = 0;
let absent = false;
let hiding: ReturnType<typeof setTimeout> | undefined;

/**
 * Registers a mounted widget.
 *
 * @returns true if the page had no widget for a while. A user may have signed out meanwhile, and the router's cache
 *   may hold a page from before that, with the identity of that user.
 */
export function enter(): boolean {
  const wasAbsent = absent;
  clearTimeout(hiding);
  absent = false;
  mounted++;
  return wasAbsent;
}

/**
 * Registers that a widget was unmounted. After the last one, the chat is hidden, because a page without a widget does
 * not notice that the user signs out. The check runs in a microtask, because StrictMode, and a navigation to a page that
 * is ready, mount the next widget before that.
 */
export function leave(): void {
  mounted--;
  queueMicrotask(() => {
    if (mounted > 0 || absent) return;
    absent = true;
    hiding = setTimeout(suspend, GRACE);
  });
}
