/** The script that the server's page names: it reads the data block before it. `build.js` bundles this file. */
import { pageConnection } from './page-connection.js';

/**
 * The block that the server wrote with this very tag. An element that somebody's comment or profile brings into the
 * page under the same id stands before it, and would choose where the SDK is loaded from; and `<img
 * name="currentScript">` would choose what `document.currentScript` is.
 */
const script = document.currentScript;
const block = script instanceof HTMLScriptElement ? script.previousElementSibling : null;
if (block?.id === 'chatwoot-identity') {
  const data = JSON.parse(block.textContent);
  void pageConnection().connect(data.identity, {
    baseUrl: data.base_url,
    websiteToken: data.website_token,
    identityUrl: data.identity_url,
    settings: data.settings,
    anonymous: data.anonymous,
  });
}
