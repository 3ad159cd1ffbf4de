/**
 * The page script, which reads the JSON block directly before its own `<script>` tag. `build.js` bundles this
 * file.
 */
import type { PageData } from '@chatwoot-identity/core/wire';
import { pageConnection } from './page-connection.js';

/**
 * The JSON block that the server wrote directly before this script's tag. The script does not look up the
 * block by its id: user-generated HTML, such as a comment, could contain an earlier element with the same id
 * and choose the host that the SDK is loaded from. The script checks the type of `document.currentScript`,
 * because `<img name="currentScript">` replaces this property (DOM clobbering).
 */
const script = document.currentScript;
const block = script instanceof HTMLScriptElement ? script.previousElementSibling : null;
// A sandboxed frame has no cookies, and so no chat: reading them would throw.
if (block?.id === 'chatwoot-identity' && origin !== 'null') {
  const data: PageData = JSON.parse(block.textContent);
  // A snapshot of the page (Turbo, htmx) must not contain an identity, because the snapshot may be restored
  // after the user has signed out.
  block.remove();
  void pageConnection().connect(data.identity, {
    baseUrl: data.base_url,
    websiteToken: data.website_token,
    identityUrl: data.identity_url,
    settings: data.settings ?? {},
    anonymous: data.anonymous,
  });
}
