import { createHash } from 'node:crypto';
import type { PageData } from '../wire.js';

/** Options of {@link renderMarkup}. */
export interface MarkupOptions {
  /** The URL of the page script. */
  scriptUrl: string;
  /** The Content-Security-Policy nonce of this response, already validated. */
  nonce?: string | undefined;
}

/**
 * Renders the HTML to place before `</body>`: a preload of Chatwoot's SDK, an inert JSON block and the tag of
 * the page script. The script is the same for every visitor, and executable script never contains user data.
 * A strict Content-Security-Policy therefore needs no nonce, and its hashes do not change per user.
 *
 * The HTML is pure ASCII, so that the page may be in any ASCII-compatible encoding.
 */
export function renderMarkup(data: PageData, { scriptUrl, nonce }: MarkupOptions): string {
  const attribute = nonce ? ` nonce="${nonce}"` : '';
  // The preload downloads the SDK in parallel with the page script. The preload is omitted for visitors
  // without a chat, because their browsers must not contact Chatwoot.
  const preload =
    data.anonymous === 'show' || data.identity
      ? `<link rel="preload" as="script" href="${escapeAttribute(`${data.base_url}/packs/js/sdk.js`)}"${attribute}>`
      : '';
  return (
    `${preload}<script type="application/json" id="chatwoot-identity"${attribute}>${inertJson(data)}</script>` +
    `<script src="${escapeAttribute(scriptUrl)}" defer${attribute}></script>`
  );
}

/** Returns the digest of markup for an ETag: the first eight hex digits of its SHA-256. */
export function digestOf(markup: string): string {
  return createHash('sha256').update(markup).digest('hex').slice(0, 8);
}

/**
 * Returns JSON that cannot close a script element or open a comment in it, and that does not depend on the
 * page's encoding.
 */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeAttribute(value: string): string {
  return value.replace(/[^\w\-./~%:]/g, (character) => `&#${character.codePointAt(0)};`);
}
