/** Returns the value of a cookie; an empty string if there is none. */
export function readCookie(name: string): string {
  return `; ${document.cookie}`.split(`; ${name}=`)[1]?.split(';')[0] ?? '';
}

/**
 * Expires cookies in every form in which the SDK may have set them: host-only, and with the `Domain` of this
 * host or of a parent domain (the setting `baseDomain`). Chatwoot's own `reset()` does not remove cookies
 * with a `Domain` (chatwoot/chatwoot 3870). Omits a `Domain` that is an IP address or a top-level domain,
 * because Firefox logs an error for such a domain.
 */
export function expireCookies(...names: string[]): void {
  const labels = /[a-z]/i.test(location.hostname) ? location.hostname.split('.') : [];
  const domains = labels.slice(0, -1).map((_, index) => `; domain=${labels.slice(index).join('.')}`);
  for (const name of names) {
    for (const domain of ['', ...domains]) {
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is asynchronous, and the user may leave the page immediately
      document.cookie = `${name}=; path=/; max-age=0${domain}`;
    }
  }
}
