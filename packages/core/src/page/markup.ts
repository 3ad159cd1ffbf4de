import type { Identity } from '../identity/identity.js';
import type { ChatwootSettings } from './settings.js';

/** What the page's script reads from the JSON block: Chatwoot's own names. */
export interface PageData {
  base_url: string;
  website_token: string;
  /** The signed-in user, null for nobody; left out where the script is to fetch it. */
  identity?: Identity | null;
  identity_url: string;
  anonymous: 'show' | 'hide';
  settings?: ChatwootSettings;
}

/** The HTML to place before `</body>`. */
export interface MarkupOptions {
  /** The page script's URL. */
  scriptUrl: string;
  /** The CSP nonce of this response, already checked. */
  nonce?: string | undefined;
}

/**
 * Writes an inert JSON block and the tag of the constant page script. User data never stands in executable
 * script, so a strict Content-Security-Policy needs no nonce, and its hashes do not change per user.
 *
 * Pure ASCII: the page may be in any encoding that contains ASCII.
 */
export function markup(data: PageData, { scriptUrl, nonce }: MarkupOptions): string {
  const attribute = nonce ? ` nonce="${nonce}"` : '';
  return (
    `<script type="application/json" id="chatwoot-identity"${attribute}>${inertJson(data)}</script>` +
    `<script src="${escapeAttribute(scriptUrl)}" defer${attribute}></script>`
  );
}

/** JSON that cannot end a script element or start a comment in it, and needs no particular page encoding. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeAttribute(value: string): string {
  return value.replace(/[^\w\-./~%:]/g, (character) => `&#${character.codePointAt(0)};`);
}
