import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { BrowserSettings, Tab, Visitor } from './browser.js';
import { type Shop, type ShopSettings, type User, users } from './shop.js';

/** The fixtures of one story: a shop with an inbox, and a visitor with one tab. */
export interface Scene {
  readonly shop: Shop;
  readonly visitor: Visitor;
  readonly tab: Tab;
}

type Settings = Partial<BrowserSettings & ShopSettings>;

/** A test that must have the same outcome in every engine. */
export interface Story {
  readonly name: string;
  readonly settings?: Settings;
  run(scene: Scene): Promise<void>;
}

const ANONYMOUS = 'an anonymous visitor';

export const stories: readonly Story[] = [
  {
    name: 'resumes an anonymous session after a reload, without warnings in the console',
    async run({ shop, tab }) {
      await shop.step(() => tab.open(shop.url), '/ anonymous', 'session 1');
      expect(await shop.use(tab)).toBe(ANONYMOUS);
      await shop.step(() => reload(tab), '/ anonymous', 'resumed 1');
      expect(shop.account()).toEqual(['session 1', 'resumed 1']);
      expect(tab.complaints ?? []).toEqual([]);
    },
  },
  {
    name: 'identifies a user who signs in with a page load',
    async run({ shop, tab }) {
      await shop.step(() => tab.open(shop.url), '/ anonymous');
      await shop.step(() => submit(tab, 'ada'), '/ connected', 'ada verified in 1');
      expect(await shop.use(tab)).toBe('ada, verified');
      await shop.step(() => follow(tab, '/other'), '/other connected');
      expect(await shop.use(tab)).toBe('ada, verified');
      expect(shop.account()).toEqual(['session 1', 'resumed 1', 'ada verified in 1', 'resumed 1']);
    },
  },
  {
    name: 'identifies a user who signs in without a page load',
    async run({ shop, tab }) {
      await shop.step(() => tab.open(shop.url), '/ anonymous');
      await shop.step(() => post(tab, '/login/ada'), '/ connected', 'ada verified in 1');
      expect(await shop.use(tab)).toBe('ada, verified');
      expect(shop.account()).toEqual(['session 1', 'ada verified in 1']);
    },
  },
  ...endings().flatMap((ending) => [
    backAfter(ending, 'pages loaded again', { backForwardCache: false }),
    // Firefox does not put a page with an open event stream into the back/forward cache.
    backAfter(ending, 'restored pages', { backForwardCache: true, stream: false }),
  ]),
  backAfter(endings()[0]!, 'pages with the identity', { backForwardCache: false, inject: 'inline' }),
  {
    name: 'reports a refused hash, and the visitor remains anonymous',
    async run({ shop, tab }) {
      shop.rotateHmacToken();
      await shop.step(() => tab.open(shop.url), '/ anonymous');
      await shop.step(() => post(tab, '/login/ada'), '/ refused');
      expect(await shop.use(tab)).toBe(ANONYMOUS);
      expect(shop.account()).toEqual(['session 1', 'ada 401 in 1', 'ada 401 in 1']);
      await shop.step(() => submit(tab, 'logout'), '/ anonymous');
      expect(await shop.use(tab)).toBe(ANONYMOUS);
    },
  },
  {
    name: 'ends the session in both tabs after a logout in one',
    async run({ shop, tab, visitor }) {
      const other = await bothTabs(shop, tab, visitor);
      await shop.step(() => post(tab, '/logout'), '/ anonymous', '/other anonymous');
      expect(await shop.use(tab)).toBe(ANONYMOUS);
      expect(await shop.use(other)).toBe(ANONYMOUS);
    },
  },
  {
    name: 'changes the user in both tabs after a change of user in one',
    async run({ shop, tab, visitor }) {
      const other = await bothTabs(shop, tab, visitor);
      await shop.step(() => post(tab, '/login/bob'), '/ connected', '/other connected');
      expect(await shop.use(tab)).toBe('bob, verified');
      expect(await shop.use(other)).toBe('bob, verified');
    },
  },
  {
    name: 'connects and changes the user if the browser blocks cookies and storage',
    settings: { storage: false },
    async run({ shop, tab }) {
      shop.everyone = 'ada';
      await shop.step(() => tab.open(shop.url), '/ connected', 'ada verified in 1');
      expect(await tab.evaluate(stored)).toEqual([]);
      expect(await shop.use(tab)).toBe('ada, verified');
      shop.everyone = 'bob';
      await shop.step(() => reload(tab), '/ connected', 'bob verified in 2');
      expect(await shop.use(tab)).toBe('bob, verified');
      shop.everyone = undefined;
      await shop.step(() => refresh(tab), '/ anonymous', 'session 3');
      expect(await shop.use(tab)).toBe(ANONYMOUS);
    },
  },
  {
    name: 'works under the recommended Content-Security-Policy',
    async run({ shop, tab }) {
      shop.policy = recommendedPolicy(shop.baseUrl);
      await shop.step(() => tab.open(shop.url), '/ anonymous');
      await shop.step(() => submit(tab, 'ada'), '/ connected', 'ada verified in 1');
      expect(await shop.use(tab)).toBe('ada, verified');
      expect(shop.timeline.filter((line) => line.includes(' blocked '))).toEqual([]);
    },
  },
  {
    name: 'shows HTML in a name or identifier as text',
    async run({ shop, tab }) {
      const { identifier, name } = users.eve;
      await shop.step(() => tab.open(shop.url), '/ anonymous');
      await shop.step(() => submit(tab, 'eve'), '/ connected', `${identifier} verified in 1`);
      expect(shop.contactName(identifier)).toBe(name);
      expect(await tab.evaluate(() => 'hacked' in window)).toBe(false);
      await shop.step(() => reload(tab), '/ connected');
      expect(await shop.use(tab)).toBe(`${identifier}, verified`);
    },
  },
  {
    name: 'reports no status if the visitor leaves the page before the endpoint responds',
    async run({ shop, tab }) {
      let release = () => {};
      shop.asked = () => new Promise((resolve) => (release = resolve as () => void));
      await shop.step(() => tab.open(shop.url), '/ connecting');
      await shop.step(() => follow(tab, '/plain'), 'shown /plain');
      release();
      shop.asked = undefined;
      await shop.step(() => follow(tab, '/other'), '/other anonymous');
      expect(shop.timeline).not.toContain('/ unavailable');
    },
  },
];

/** A way in which Ada's session ends. */
interface Ending {
  readonly name: string;
  readonly act: (tab: Tab) => Promise<unknown>;
  /** Whether a page load adds an entry for `/` to the history. */
  readonly loadsPage: boolean;
  /** The status after the session has ended. `user` is the user of the chat. */
  readonly status: string;
  readonly user: string;
}

function endings(): Ending[] {
  const logout = { status: 'anonymous', user: ANONYMOUS };
  const login = { status: 'connected', user: 'bob, verified' };
  return [
    { name: 'a logout with a page load', act: (tab) => submit(tab, 'logout'), loadsPage: true, ...logout },
    { name: 'a logout without a page load', act: (tab) => post(tab, '/logout'), loadsPage: false, ...logout },
    {
      name: 'a change of user with a page load',
      act: (tab) => submit(tab, 'bob'),
      loadsPage: true,
      ...login,
    },
    {
      name: 'a change of user without a page load',
      act: (tab) => post(tab, '/login/bob'),
      loadsPage: false,
      ...login,
    },
  ];
}

/** Creates a story in which Ada opens pages, her session ends, and Back returns to each page without resuming her chat. */
function backAfter(ending: Ending, pages: string, settings: Settings & { backForwardCache: boolean }): Story {
  const { name, act, loadsPage, status, user } = ending;
  const { backForwardCache } = settings;
  return {
    name: `Back after ${name} does not resume the session (${pages})`,
    settings,
    async run({ shop, tab }) {
      await shop.step(() => tab.open(`${shop.url}/plain`), 'shown /plain');
      await shop.step(() => submit(tab, 'ada'), '/ connected', 'ada verified in 1');
      await shop.quiet();
      await shop.step(() => follow(tab, '/other'), '/other connected', 'resumed 1');
      await shop.quiet();
      const before = shop.account().length;
      await shop.step(() => act(tab), `${loadsPage ? '/' : '/other'} ${status}`);
      expect(await shop.use(tab)).toBe(user);

      for (const path of [...(loadsPage ? ['/other'] : []), '/']) {
        const shown = `${backForwardCache ? 'restored' : 'shown'} ${path}`;
        await shop.step(() => back(tab), shown, `${path} ${status}`);
        expect(await shop.use(tab)).toBe(user);
      }
      await shop.step(() => back(tab), 'shown /plain');
      expect(shop.account().slice(before)).not.toContainEqual(expect.stringMatching(/ 1$/));
    },
  };
}

/** Signs Ada in and opens a second tab. Returns the second tab. */
async function bothTabs(shop: Shop, tab: Tab, visitor: Visitor): Promise<Tab> {
  await shop.step(() => tab.open(`${shop.url}/plain`), 'shown /plain');
  await shop.step(() => submit(tab, 'ada'), '/ connected', 'ada verified in 1');
  const other = await visitor.tab();
  await shop.step(() => other.open(`${shop.url}/other`), '/other connected');
  return other;
}

/** Returns the policy that docs/pages.md recommends, with the address of this inbox. */
function recommendedPolicy(baseUrl: string): string {
  const page = readFileSync(new URL('../../docs/pages.md', import.meta.url), 'utf8');
  const policy = /^```\n(script-src .+?)\n```$/ms.exec(page)?.[1];
  if (!policy)
    throw new Error('docs/pages.md has no block that begins with "script-src": adapt this pattern.');
  return policy.replaceAll('https://chat.example.com', baseUrl).replaceAll('\n', ' ');
}

// These functions navigate in a timer, because the driver must receive the result before the document changes.

const submit = (tab: Tab, form: User | 'logout') =>
  tab.evaluate((id) => {
    setTimeout(() => (document.getElementById(id) as HTMLFormElement).submit());
  }, form);

const follow = (tab: Tab, path: string) =>
  tab.evaluate((path) => {
    setTimeout(() => location.assign(path));
  }, path);

const reload = (tab: Tab) =>
  tab.evaluate(() => {
    setTimeout(() => location.reload());
  });

const back = (tab: Tab) =>
  tab.evaluate(() => {
    setTimeout(() => history.back());
  });

/** Sends a POST request as a single-page app does: without a page load, followed by a call of `refresh()`. */
const post = async (tab: Tab, path: string) => {
  await tab.evaluate(async (path) => {
    await fetch(path, { method: 'POST' });
  }, path);
  await refresh(tab);
};

const refresh = (tab: Tab) =>
  tab.evaluate(async () => {
    const connection = (window as unknown as Record<symbol, { refresh(): Promise<void> }>)[
      Symbol.for('chatwoot-identity')
    ]!;
    await connection.refresh();
  });

/** Returns the kinds of storage that the browser does not block. Runs in the page. */
function stored(): string[] {
  // biome-ignore lint/suspicious/noDocumentCookie: tests whether cookies are blocked
  document.cookie = 'story=1';
  const kinds = document.cookie ? ['cookie'] : [];
  try {
    localStorage.setItem('story', '1');
    kinds.push('localStorage');
  } catch {}
  return kinds;
}
