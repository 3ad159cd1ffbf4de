/** The script that the server's page names: it reads the data block before it. `build.js` bundles this file. */
import { pageConnection } from './page-connection.js';

const block = document.querySelector('#chatwoot-identity');
if (block) {
  const data = JSON.parse(block.textContent);
  pageConnection().connect(data.identity, {
    baseUrl: data.base_url,
    websiteToken: data.website_token,
    identityUrl: data.identity_url,
    settings: data.settings,
    anonymous: data.anonymous,
  });
}
