import { suspend } from '@chatwoot-identity/browser';

/**
 * The time in milliseconds that the chat stays visible after the last widget was unmounted. A navigation may show
 * `loading.js` before it mounts the next widget.
 */
const GRACE = 1_000;

let mounted = 0;
let absent = false;
let hiding: ReturnType<typeof setTimeout> | undefined;

/**
 * Registers a mounted widget.
 *
 * @returns true if the last widget had been unmounted before. The user may have signed out since then, so the
 *   identity in a page from the router's cache may be outdated.
 */
export function enter(): boolean {
  const wasAbsent = absent;
  clearTimeout(hiding);
  absent = false;
  mounted++;
  return wasAbsent;
}

/**
 * Unregisters an unmounted widget. Hides the chat if no widget is left, because a page without a widget does not notice
 * that the user signs out. The check for other widgets runs in a microtask: by then, StrictMode or a navigation to a
 * page that has already loaded has mounted the next widget.
 */
export function leave(): void {
  mounted--;
  queueMicrotask(() => {
    if (mounted > 0 || absent) return;
    absent = true;
    hiding = setTimeout(suspend, GRACE);
  });
}
