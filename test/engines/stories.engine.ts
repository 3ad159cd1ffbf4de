import { afterAll, beforeAll, describe, type RunnerTestFile, test } from 'vitest';
import type { Browser, BrowserSettings } from './browser.js';
import { chromium, firefox } from './puppeteer.js';
import { startShop } from './shop.js';
import { stories } from './stories.js';
import { webkit } from './webkit.js';

/** How long a story waits for what does not happen, in milliseconds. */
const PATIENCE = 20_000;

const engines = [chromium, firefox, webkit];

describe.each(engines)('$name', (engine) => {
  const browsers = new Map<string, Promise<Browser>>();
  const launch = (settings: BrowserSettings) => {
    const key = JSON.stringify(settings);
    const browser = browsers.get(key) ?? engine.launch(settings);
    browsers.set(key, browser);
    return browser;
  };
  beforeAll(async () => {
    await launch({ backForwardCache: true, storage: true });
  });
  afterAll(async () => {
    await Promise.all([...browsers.values()].map(async (browser) => (await browser).close()));
  });

  test.concurrent.for(stories)('$name', async ({ settings, run }) => {
    const { backForwardCache = true, storage = true, stream = true } = settings ?? {};
    const visitor = await (await launch({ backForwardCache, storage })).visitor();
    const shop = await startShop({ stream });
    const timer = setTimeout(shop.giveUp, PATIENCE);
    try {
      await run({ shop, visitor, tab: await visitor.tab() });
    } finally {
      clearTimeout(timer);
      await visitor.close();
      await shop.close();
    }
  });
});

afterAll((file) => console.log(table(file as RunnerTestFile)));

/** The stories by engine. */
function table(file: RunnerTestFile): string {
  const width = Math.max(...stories.map(({ name }) => name.length));
  const row = (name: string, cells: string[]) =>
    [name.padEnd(width), ...cells.map((cell) => cell.padEnd(10))].join('  ').trimEnd();
  const cell = (engine: string, story: string) => {
    const suite = file.tasks.find(({ name }) => name === engine);
    const tests = suite?.type === 'suite' ? suite.tasks : [];
    const result = tests.find(({ name }) => name === story)?.result;
    const seconds = `${((result?.duration ?? 0) / 1000).toFixed(1)} s`;
    return result?.state === 'pass' ? seconds : result?.state === 'fail' ? 'FAILED' : 'not run';
  };
  return [
    row(
      '',
      engines.map(({ name }) => name),
    ),
    ...stories.map(({ name }) =>
      row(
        name,
        engines.map((engine) => cell(engine.name, name)),
      ),
    ),
  ].join('\n');
}
