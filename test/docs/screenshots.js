// @ts-check
/** Creates the pictures of the sandbox in the READMEs: `node test/docs/screenshots.js [path of Chromium]`. */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startSandbox } from '@chatwoot-identity/sandbox';
import { chromium } from 'playwright-core';
import { createApp } from '../../examples/express/app.js';

const [executablePath = '/usr/bin/chromium'] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const sandbox = await startSandbox();
const server = createApp({ inbox: sandbox.inbox }).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

const mallory = await visit();
await mallory.evaluate(`$chatwoot.setUser('user-2', { name: 'Grace Hopper' })`);
await write(mallory, 'Hello, it is Grace. Please send my invoices to a new address.');

const ada = await visit();
await ada.getByRole('button', { name: 'Ada Lovelace' }).click();
await ada.locator('#chat', { hasText: 'user-1' }).waitFor();
await write(ada, 'Hi! When will my notebooks arrive?');
const { sessionId } = /** @type {{ sessionId: number }} */ (
  await sandbox.until((event) => event.type === 'message_created' && event.content.startsWith('Hi!'))
);
sandbox.reply(sessionId, 'Good morning, Ada. They left this morning and should be with you tomorrow.');
await write(ada, 'Wonderful, thank you.');

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  const context = await browser.newContext({
    colorScheme,
    viewport: { width: 1200, height: 640 },
    deviceScaleFactor: 1.5,
  });
  const agent = await context.newPage();
  await agent.goto(sandbox.baseUrl);
  await agent.locator('#list').getByText('Ada Lovelace').click();
  await agent.locator('#messages').getByText('Wonderful').waitFor();
  await picture(agent, `docs/sandbox-${colorScheme}.png`);
  await agent.locator('#list').getByText('Grace Hopper').click();
  await agent.locator('#messages').getByText('invoices').waitFor();
  await picture(agent, `packages/sandbox/screenshot-${colorScheme}.png`);
  await context.close();
}

await browser.close();
server.close();
server.closeAllConnections();
await sandbox.close();

/** @param {import('playwright-core').Page} page @param {string} file below the workspace */
async function picture(page, file) {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url));
  await page.screenshot({ path, animations: 'disabled' });
}

/** Opens the app in a separate browser. */
async function visit() {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${port}`);
  await page.waitForFunction('window.$chatwoot?.hasLoaded');
  return page;
}

/** @param {import('playwright-core').Page} page @param {string} text */
async function write(page, text) {
  await page.evaluate(`$chatwoot.toggle('open')`);
  const chat = page.frameLocator('#chatwoot_live_chat_widget');
  await chat.getByRole('textbox').fill(text);
  await chat.getByRole('button', { name: 'Send' }).click();
  await sandbox.until((event) => event.type === 'message_created' && event.content === text);
}
