/** The value of a cookie of this page, or undefined. */
export function readCookie(name: string): string | undefined {
  const pair = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

/**
 * Expires cookies in every form the SDK can have set them: host-only, and with the `Domain` of this host or of
 * any parent (the setting `baseDomain`), which Chatwoot's own `reset()` leaves behind (chatwoot/chatwoot 3870).
 */
export function expireCookies(...names: string[]): void {
  const labels = location.hostname.split('.');
  const domains = labels.map((_, index) => `; domain=${labels.slice(index).join('.')}`);
  for (const name of names) {
    for (const domain of ['', ...domains]) {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, and the page may be left at once
      document.cookie = `${name}=; path=/; max-age=0${domain}`;
    }
  }
}
