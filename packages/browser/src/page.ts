/** The page script. It reads the data block in front of its tag. `build.js` bundles this file. */
import type { PageData } from '@chatwoot-identity/core/wire';
import { pageConnection } from './page-connection.js';

/**
 * The block that the server wrote directly in front of this script's tag. It is not looked up by its id: user-generated
 * HTML, such as a comment, may contain an element with the same id earlier in the page, and could choose where the SDK is
 * loaded from. `document.currentScript` is checked, because `<img name="currentScript">` would replace it (DOM
 * clobbering).
 */
const script = document.currentScript;
const block = script instanceof HTMLScriptElement ? script.previousElementSibling : null;
// A sandboxed frame has no cookies, and so no chat: reading them would throw.
if (block?.id === 'chatwoot-identity' && origin !== 'null') {
  const data: PageData = JSON.parse(block.textContent);
  // A snapshot of the page (Turbo, htmx) must not contain an identity: it may be restored after the user has signed
  // out.
  block.remove();
  void pageConnection().connect(data.identity, {
    baseUrl: data.base_url,
    websiteToken: data.website_token,
    identityUrl: data.identity_url,
    settings: data.settings ?? {},
    anonymous: data.anonymous,
  });
}
