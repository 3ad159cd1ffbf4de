import type { Identity } from '@chatwoot-identity/browser';
import type { Chatwoot } from '@chatwoot-identity/browser/global';
import { type Sandbox, startSandbox } from '@chatwoot-identity/sandbox';
import type { Page } from 'playwright-core';
import { describe, expect } from 'vitest';
import { codeBlocks } from '../docs/code-blocks.js';
import { gate } from '../support/gate.js';
import { call, options, reach, setUser, snippet, stateOf, write } from '../support/page.js';
import { account, ada, bob, test as scene, see } from '../support/scene.js';
import type { Site } from '../support/site.js';

/** The signed-in user in the app's client-side code. */
interface User {
  id: string;
  plan: string;
  order: string;
}

const adaInPage: User = { id: 'ada', plan: 'vip', order: 'A-1' };
const bobInPage: User = { id: 'bob', plan: 'free', order: 'B-1' };

/** The recipe, copied from the code block in the document. */
const [recipe] = codeBlocks('docs/browser.md', 'js').filter((code) => code.includes('setLabel'));

const signIn = (page: Page, user: User | null) =>
  page.evaluate((user) => void Object.assign(window, { user }), user);
/** Runs the recipe in the page for the user in `window.user`. */
const describeConversation = (page: Page) =>
  page.addScriptTag({ content: `const currentUser = () => window.user;\n${recipe}` });

/** A test with an inbox in an account that defines both labels. */
const test = scene.extend<{ sandbox: Sandbox }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from the pattern
  async sandbox({}, use) {
    const sandbox = await startSandbox({ labels: ['vip', 'free'] });
    await use(sandbox);
    await sandbox.close();
  },
});

/** Returns the user, labels and attributes of each conversation, oldest first. */
const conversations = (sandbox: Sandbox) =>
  sandbox.conversations.map((conversation) => {
    const session = sandbox.sessions.find(({ id }) => id === conversation.sessionId);
    return {
      user: session?.contact.identifier,
      labels: [...conversation.labels],
      ...conversation.customAttributes,
    };
  });

/** Opens the site, runs the recipe immediately, and waits until the user is connected. */
async function open({ page, site }: { page: Page; site: Site }, user: User): Promise<void> {
  await page.goto(site.url);
  await signIn(page, user);
  await describeConversation(page);
  await reach(page, 'connected');
}

/** Waits until the latest conversation has this `order` attribute, which the recipe sets after the label. */
const ordered = (sandbox: Sandbox, order: string) =>
  sandbox.until(() => sandbox.conversations.at(-1)?.customAttributes.order === order);

describe.concurrent('the recipe for conversation labels and attributes', () => {
  test('sets the label and the attribute after the first message of the user', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await open({ page, site }, adaInPage);
    await write(page, sandbox, 'hello');
    await ordered(sandbox, 'A-1');
    expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: ['vip'], order: 'A-1' }]);
  });

  test('sets the label and the attribute in an anonymous chat after the user has signed in', async ({
    sandbox,
    site,
    page,
  }) => {
    await page.goto(site.url);
    await reach(page, 'anonymous');
    await describeConversation(page);
    await write(page, sandbox, 'from an anonymous visitor');
    site.user = ada;
    await signIn(page, adaInPage);
    await call(page, 'refresh');
    await ordered(sandbox, 'A-1');
    expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: ['vip'], order: 'A-1' }]);
  });

  test('sets the label and the attribute immediately if the user is already connected', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await page.goto(site.url);
    await reach(page, 'connected');
    await write(page, sandbox, 'hello');
    await signIn(page, adaInPage);
    await describeConversation(page);
    await ordered(sandbox, 'A-1');
    expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: ['vip'], order: 'A-1' }]);
  });

  test('replaces the attributes of a conversation from an earlier page', async ({ sandbox, site, page }) => {
    site.user = ada;
    await open({ page, site }, adaInPage);
    await write(page, sandbox, 'hello');
    await ordered(sandbox, 'A-1');
    await open({ page, site }, { ...adaInPage, order: 'A-2' });
    await write(page, sandbox, 'hello again');
    await ordered(sandbox, 'A-2');
    expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: ['vip'], order: 'A-2' }]);
  });

  test('sets different labels and attributes for each user after a change of user', async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await open({ page, site }, adaInPage);
    await write(page, sandbox, 'from Ada');
    await ordered(sandbox, 'A-1');
    site.user = bob;
    await signIn(page, bobInPage);
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    await reach(page, 'connected');
    await write(page, sandbox, 'from Bob');
    await ordered(sandbox, 'B-1');
    expect(conversations(sandbox)).toEqual([
      { user: 'ada', labels: ['vip'], order: 'A-1' },
      { user: 'bob', labels: ['free'], order: 'B-1' },
    ]);
  });

  test('does not set the label of a previous user who sent no message', async ({ sandbox, site, page }) => {
    site.user = ada;
    await open({ page, site }, adaInPage);
    site.user = bob;
    await signIn(page, { ...bobInPage, plan: '' });
    await call(page, 'refresh');
    await see(sandbox, 'bob verified in 2');
    await reach(page, 'connected');
    await write(page, sandbox, 'from Bob');
    await ordered(sandbox, 'B-1');
    expect(conversations(sandbox)).toEqual([{ user: 'bob', labels: [], order: 'B-1' }]);
  });

  test("does not change the conversation if the app's user is not the user of the chat", async ({
    sandbox,
    site,
    page,
  }) => {
    site.user = ada;
    await open({ page, site }, bobInPage); // The app already shows Bob, but the chat is still Ada's.
    await write(page, sandbox, 'from Ada');
    await page.evaluate(() => dispatchEvent(new CustomEvent('chatwoot-identity:connected')));
    await page.evaluate(() => window.$chatwoot?.setConversationCustomAttributes({ order: 'the last word' }));
    await ordered(sandbox, 'the last word');
    expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: [], order: 'the last word' }]);
  });

  test('does not change the conversation of an anonymous visitor', async ({ sandbox, site, page }) => {
    site.user = ada;
    await open({ page, site }, adaInPage);
    site.user = null;
    await call(page, 'refresh');
    await see(sandbox, 'session 2');
    await reach(page, 'anonymous');
    await write(page, sandbox, 'from an anonymous visitor');
    await page.evaluate(() => window.$chatwoot?.setConversationCustomAttributes({ order: 'the last word' }));
    await ordered(sandbox, 'the last word');
    expect(conversations(sandbox)).toEqual([{ user: null, labels: [], order: 'the last word' }]);
  });

  test('sets no label in the chat of a user that Chatwoot has refused', async ({ sandbox, site, page }) => {
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    site.user = ada;
    site.inbox = { ...site.inbox, hmacToken: 'wyHVRZzzJhjPMKR2h7LpeJVy' };
    await page.goto(site.url);
    await signIn(page, adaInPage);
    await describeConversation(page);
    await reach(page, 'refused');
    await write(page, sandbox, 'hello');
    await page.evaluate(() => window.$chatwoot?.setConversationCustomAttributes({ order: 'the last word' }));
    await ordered(sandbox, 'the last word');
    expect(conversations(sandbox)).toEqual([{ user: null, labels: [], order: 'the last word' }]);
    expect(errors).toEqual([]);
  });

  test('sets the label again after the first message if the widget has discarded it', async ({
    sandbox,
    site,
    page,
  }) => {
    const answer = gate();
    await page.route('**/set_user*', async (route) => {
      await answer.opened;
      await route.continue();
    });
    site.user = ada;
    await open({ page, site }, adaInPage);
    answer.release(); // By now three seconds have passed, so the page already treats the user as connected.
    const widget = page.frameLocator('#chatwoot_live_chat_widget');
    await widget.getByText('Verified: Ada Lovelace').waitFor({ state: 'attached' });
    await write(page, sandbox, 'hello');
    await ordered(sandbox, 'A-1');
    expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: ['vip'], order: 'A-1' }]);
  });

  test('sets no label that the account does not define', async ({ sandbox, site, page }) => {
    site.user = ada;
    await open({ page, site }, { ...adaInPage, plan: 'gold' });
    await write(page, sandbox, 'hello');
    await ordered(sandbox, 'A-1');
    expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: [], order: 'A-1' }]);
  });
});

test.concurrent('a label that is set before Chatwoot has accepted the user is dropped', async ({
  sandbox,
  site,
  page,
}) => {
  site.before = snippet(site, { ready: `${setUser(site, ada)} $chatwoot.setLabel('vip');` });
  await page.goto(`${site.url}/bare`);
  await see(sandbox, 'ada verified in 1');
  const widget = page.frameLocator('#chatwoot_live_chat_widget');
  await widget.getByText('Verified: Ada Lovelace').waitFor({ state: 'attached' });
  await write(page, sandbox, 'hello');
  await page.evaluate(() => window.$chatwoot?.setConversationCustomAttributes({ order: 'the last word' }));
  await ordered(sandbox, 'the last word');
  expect(conversations(sandbox)).toEqual([{ user: 'ada', labels: [], order: 'the last word' }]);
});

test.concurrent('a change of user does not copy custom attributes to the next user', async ({
  sandbox,
  site,
  page,
}) => {
  site.user = { ...ada, custom_attributes: { plan: 'vip', seats: 3 } };
  await page.goto(site.url);
  await see(sandbox, 'ada verified in 1');
  await reach(page, 'connected');
  site.user = { ...bob, custom_attributes: { plan: 'free' } };
  await call(page, 'refresh');
  await see(sandbox, 'bob verified in 2');
  await reach(page, 'connected');
  const attributes = (identifier: string) =>
    sandbox.sessions.find(({ contact }) => contact.identifier === identifier)?.contact.customAttributes;
  expect(attributes('ada')).toEqual({ plan: 'vip', seats: 3 });
  expect(attributes('bob')).toEqual({ plan: 'free' });
  site.user = { ...bob, custom_attributes: { plan: 'vip' } };
  await call(page, 'refresh');
  await see(sandbox, 'bob verified in 2', 2);
  expect(attributes('bob')).toEqual({ plan: 'vip' });
});

test.concurrent("the promise of an earlier connect() call resolves with the latest user's status", async ({
  sandbox,
  site,
  page,
}) => {
  await page.goto(`${site.url}/app`);
  await page.waitForFunction('window.chat');
  const identities = [ada, bob].map((person) => site.identity(person) as object);
  const results = await page.evaluate(
    ([identities, options]) =>
      Promise.all(identities.map((identity) => window.chat.connect(identity as Identity, options))),
    [identities, options(site)] as const,
  );
  expect(results).toEqual(['connected', 'connected']);
  expect((await stateOf(page)).wanted).toBe('bob');
  expect(account(sandbox)).not.toContain('ada verified in 1');
});

/** The members of `Chatwoot` in `@chatwoot-identity/browser/global`, except the two that `setUser` adds. */
const members: Record<Exclude<keyof Chatwoot, 'identifier' | 'user'>, true> = {
  baseUrl: true,
  websiteToken: true,
  hasLoaded: true,
  isOpen: true,
  resetTriggered: true,
  setUser: true,
  setCustomAttributes: true,
  deleteCustomAttribute: true,
  setConversationCustomAttributes: true,
  deleteConversationCustomAttribute: true,
  setLabel: true,
  removeLabel: true,
  setLocale: true,
  setColorScheme: true,
  toggle: true,
  toggleBubbleVisibility: true,
  popoutChatWindow: true,
  reset: true,
  hideMessageBubble: true,
  position: true,
  locale: true,
  useBrowserLanguage: true,
  type: true,
  launcherTitle: true,
  showPopoutButton: true,
  showUnreadMessagesDialog: true,
  widgetStyle: true,
  darkMode: true,
  baseDomain: true,
  welcomeTitle: true,
  welcomeDescription: true,
  availableMessage: true,
  unavailableMessage: true,
  enableFileUpload: true,
  enableEmojiPicker: true,
  enableEndConversation: true,
};

test.concurrent('the types of $chatwoot declare exactly the members of the SDK', async ({ site, page }) => {
  site.before = snippet(site);
  await page.goto(`${site.url}/bare`);
  await page.waitForFunction('window.isReady');
  expect(await page.evaluate(() => Object.keys(window.$chatwoot!).sort())).toEqual(
    Object.keys(members).sort(),
  );
});
