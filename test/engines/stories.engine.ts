import { afterAll, beforeAll, describe, type RunnerTestFile, test, vi } from 'vitest';
import type { Browser, BrowserSettings } from './browser.js';
import { chromium, firefox } from './puppeteer.js';
import { startShop } from './shop.js';
import { stories } from './stories.js';
import { webkit } from './webkit.js';

vi.spyOn(console, 'warn').mockReturnValue(); // The sandbox logs that it is for development only.

// `%s`, because Vitest quotes and truncates `$name`.
const rows = stories.map((story) => [story.name, story] as const);
const engines = [chromium, firefox, webkit];

describe.each(engines.map((engine) => [engine.name, engine] as const))('%s', (_name, engine) => {
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
    await Promise.allSettled([...browsers.values()].map(async (browser) => (await browser).close()));
  });

  test.concurrent.for(rows)('%s', async ([, { settings, run }]) => {
    const { backForwardCache = true, storage = true, stream = true, inject = true } = settings ?? {};
    const once = async () => {
      const visitor = await (await launch({ backForwardCache, storage })).visitor();
      const shop = await startShop({ stream, inject });
      try {
        await run({ shop, visitor, tab: await visitor.tab() });
      } finally {
        await Promise.allSettled([visitor.close(), shop.close()]); // An error here must not replace the error of the story.
      }
    };
    // A browser may reload a page that it could restore from the back/forward cache. The story then starts again.
    for (let times = 1; ; times++) {
      try {
        return await once();
      } catch (error) {
        if (times === 3 || !/^"restored \S+" did not happen/.test((error as Error).message)) throw error;
      }
    }
  });
});

// biome-ignore lint/correctness/noEmptyPattern: vitest reads what a hook needs from the pattern
afterAll(({}, file) => console.log(table(file as RunnerTestFile)));

/** Formats the results as a table with a row for each story and a column for each engine. */
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
