/** The script in a server's page. It reads the data block before it. `build.js` bundles this file. */
import { pageConnection } from './page-connection.js';

/**
 * The block that the server wrote in front of this very tag. An element that a comment or profile of another user
 * brings into the page under the same id comes earlier, and would choose where the SDK is loaded from; and `<img
 * name="currentScript">` would choose what `document.currentScript` is.
 */
const script = document.currentScript;
const block = script instanceof HTMLScriptElement ? script.previousElementSibling : null;
if (block?.id === 'chatwoot-identity') {
  const data = JSON.parse(block.textContent);
  // A snapshot of the page (Turbo, htmx) must hold no identity: it is restored after the user has signed out.
  block.remove();
  void pageConnection().connect(data.identity, {
    baseUrl: data.base_url,
    websiteToken: data.website_token,
    identityUrl: data.identity_url,
    settings: data.settings,
    anonymous: data.anonymous,
  });
}
