import type { Identity, Status } from '@chatwoot-identity/browser';
import type { Sandbox } from '@chatwoot-identity/sandbox';
import type { Page } from 'playwright-core';
import type { Person, Site } from './site.js';

/** The property of `window` that contains the connection. The page script or the app creates the connection. */
type PageConnection = Record<symbol, Connection>;

type Connection = Pick<
  typeof import('@chatwoot-identity/browser'),
  'disconnect' | 'refresh' | 'suspend' | 'subscribe'
> & {
  status: Status;
  state: { wanted: string; owner: string; widget: string; next: string };
};

/** Returns the state of the page's connection. */
export function stateOf(page: Page): Promise<Connection['state']> {
  return page.evaluate(() => (window as unknown as PageConnection)[Symbol.for('chatwoot-identity')]!.state);
}

/** Waits until the page's connection has this status. */
export function reach(page: Page, status: Status): Promise<void> {
  return page.evaluate(
    (status) =>
      new Promise<void>((resolve) => {
        const connection = (window as unknown as PageConnection)[Symbol.for('chatwoot-identity')]!;
        const look = () => connection.status === status && resolve();
        connection.subscribe(look);
        look();
      }),
    status,
  );
}

/** Waits until `user` is the wanted user of the page's connection. */
export async function wants(page: Page, user: string): Promise<void> {
  await page.waitForFunction(
    (user) => (window as unknown as PageConnection)[Symbol.for('chatwoot-identity')]?.state?.wanted === user,
    user,
  );
}

/** Sends a message in the chat. Returns the user to whom the inbox attributes the message. */
export async function write(page: Page, sandbox: Sandbox, content: string): Promise<string> {
  await page.evaluate(() => window.$chatwoot!.toggle('open'));
  const chat = page.frameLocator('#chatwoot_live_chat_widget');
  await chat.getByLabel('Write a message').fill(content);
  await chat.getByLabel('Send').click();
  const event = await sandbox.until((each) => each.type === 'message_created' && each.content === content);
  const session = sandbox.sessions.find(({ id }) => 'sessionId' in event && id === event.sessionId)!;
  return `${session.contact.identifier ?? 'anonymous'}${session.hmacVerified ? ', verified' : ''}`;
}

/** Calls a method of the page's connection. */
export async function call(page: Page, method: 'disconnect' | 'refresh' | 'suspend'): Promise<void> {
  await page.evaluate(async (method) => {
    await (window as unknown as PageConnection)[Symbol.for('chatwoot-identity')]![method]();
  }, method);
}

/** Returns the options that an app passes to `connect`. */
export const options = ({ inbox: { baseUrl, websiteToken } }: Site) => ({
  baseUrl,
  websiteToken,
  identityUrl: '/chatwoot/identity',
});

/** Returns a script equivalent to the dashboard's snippet, which an app adds to its pages by hand. */
export const snippet = (site: Site, { running = '', ready = '' } = {}) => `<script>
  addEventListener('chatwoot:ready', () => { window.isReady = true; ${ready} });
  const sdk = document.createElement('script');
  sdk.src = '${site.inbox.baseUrl}/packs/js/sdk.js';
  sdk.async = true;
  sdk.onload = () => { window.chatwootSDK.run(${JSON.stringify(options(site))}); ${running} };
  document.body.append(sdk);
</script>`;

/** Returns the call with which an app identifies a user without this project. */
export const setUser = (site: Site, { identifier, ...user }: Person) =>
  `$chatwoot.setUser(${JSON.stringify(identifier)}, ${JSON.stringify({ ...user, identifier_hash: site.identity({ identifier }).identifier_hash })});`;

/** Calls `connect` of the browser package in the page `/app`. */
export const connect = (page: Page, site: Site, person: Person | null, more = {}) =>
  page.evaluate(([identity, options]) => void window.chat.connect(identity as Identity | null, options), [
    person && (site.identity(person) as object), // Playwright's types cannot resolve the recursive type of JSON
    { ...options(site), ...more },
  ] as const);

/** Records the events of the connection, beginning with the next page. */
export const collect = (page: Page) =>
  page.addInitScript(() => {
    const events: string[] = [];
    Object.assign(window, { events });
    for (const name of ['connected', 'refused', 'reset', 'unavailable'])
      addEventListener(`chatwoot-identity:${name}`, (event) =>
        events.push([name, JSON.stringify((event as CustomEvent).detail)].join(' ')),
      );
  });

export const collected = (page: Page) =>
  page.evaluate(() => (window as unknown as { events: string[] }).events);

declare global {
  interface Window {
    /** The browser package in the page `/app`. */
    chat: typeof import('@chatwoot-identity/browser');
  }
}
