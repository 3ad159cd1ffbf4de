import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Identity, Inbox } from '@chatwoot-identity/core';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';

/**
 * Sends the requests of one visitor to an app, from the first page to the logout. Uses the sandbox instead of Chatwoot.
 * Prints the results as JSON to stdout.
 */
export async function printStory(createApp: (inbox: Inbox) => RequestListener): Promise<void> {
  console.warn = () => {}; // the sandbox prints a warning that it is for development
  const sandbox = await startSandbox();
  const server = createServer(createApp(sandbox.inbox)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    console.log(JSON.stringify(await live(url, sandbox)));
  } finally {
    server.close();
    await sandbox.close();
  }
}

async function live(url: string, sandbox: Sandbox) {
  const anonymous = await fetch(`${url}/chatwoot/identity`);
  const login = await fetch(`${url}/login`, { method: 'POST' });
  const cookie = login.headers.get('set-cookie')!.split(';')[0]!;
  const endpoint = await fetch(`${url}/chatwoot/identity`, { headers: { cookie } });
  const identity: Identity = await endpoint.json();
  const page = await fetch(url, { headers: { cookie } });
  const html = await page.text();
  const script = await fetch(new URL(/<script src="([^"]+)" defer/.exec(html)![1]!, url));
  const visitor = `${cookie}; cw_user_${sandbox.websiteToken}=1; cw_conversation=2`;
  const logout = await fetch(`${url}/logout`, { method: 'POST', headers: { cookie: visitor } });
  const ended = await fetch(`${url}/chatwoot/identity`, { headers: { cookie } });
  return {
    anonymous: anonymous.status,
    endpoint: endpoint.status,
    caching: endpoint.headers.get('cache-control'),
    identity,
    accepted: await setUser(sandbox, identity),
    forged: await setUser(sandbox, { ...identity, identifier: 'user-2' }),
    verified: sandbox.sessions.map(({ contact, hmacVerified }) => hmacVerified && contact.identifier),
    page: { status: page.status, caching: page.headers.get('cache-control') },
    chatInPage: html.includes(`"website_token":"${sandbox.websiteToken}"`),
    hashInPage: html.includes(identity.identifier_hash),
    script: script.status,
    expired: logout.headers.getSetCookie().map((header) => header.split('=')[0]),
    ended: ended.status,
  };
}

/** Sends the identity to the sandbox as the widget does. Returns the status of the response. */
export async function setUser(sandbox: Sandbox, identity: Identity): Promise<number> {
  const inbox = `website_token=${sandbox.websiteToken}`;
  const widget = await (await fetch(`${sandbox.baseUrl}/widget?${inbox}`)).text();
  const { authToken } = JSON.parse(/id="config">(.*?)<\/script>/.exec(widget)![1]!);
  const response = await fetch(`${sandbox.baseUrl}/api/v1/widget/contact/set_user?${inbox}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json', 'X-Auth-Token': authToken },
    body: JSON.stringify(identity),
  });
  return response.status;
}
