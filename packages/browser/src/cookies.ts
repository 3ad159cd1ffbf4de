/** The value of a cookie; empty if there is none. */
export function readCookie(name: string): string {
  return `; ${document.cookie}`.split(`; ${name}=`)[1]?.split(';')[0] ?? '';
}

/**
 * Expires cookies in every form the SDK can have set them: host-only, and with the `Domain` of this host or of any
 * parent (the setting `baseDomain`), which Chatwoot's own `reset()` leaves behind (chatwoot/chatwoot 3870). Firefox
 * logs an error for a `Domain` that is an IP address or a top-level domain, so these are left out.
 */
export function expireCookies(...names: string[]): void {
  const labels = /[a-z]/i.test(location.hostname) ? location.hostname.split('.') : [];
  const domains = labels.slice(0, -1).map((_, index) => `; domain=${labels.slice(index).join('.')}`);
  for (const name of names) {
    for (const domain of ['', ...domains]) {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, and the page may be left at once
      document.cookie = `${name}=; path=/; max-age=0${domain}`;
    }
  }
}
