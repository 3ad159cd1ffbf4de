import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { LaunchOptions } from 'playwright-core';

const { version } = JSON.parse(
  readFileSync(new URL('../node_modules/@sparticuz/chromium/package.json', import.meta.url), 'utf8'),
);
const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));
const folder = `${cache}chromium-${version}`;

/**
 * Unpacks the Chromium in the package `@sparticuz/chromium`, with its libraries and fonts, so that the tests require no
 * system package. Later calls reuse the unpacked folder.
 *
 * @returns the options with which Playwright launches this Chromium
 */
export async function carriedChromium(): Promise<Pick<LaunchOptions, 'executablePath' | 'env'>> {
  if (!existsSync(folder)) await unpack();
  const { FONTCONFIG_PATH, ...env } = process.env;
  return {
    executablePath: `${folder}/chromium`,
    env: { ...env, LD_LIBRARY_PATH: `${folder}/al2023/lib`, FONTCONFIG_FILE: `${folder}/fonts.conf` },
  };
}

async function unpack(): Promise<void> {
  await mkdir(cache, { recursive: true });
  // The folder gets its final name only when it is complete. An interrupted run therefore leaves no incomplete
  // browser, and parallel runs do not conflict.
  const unfinished = await mkdtemp(`${folder}-`);
  // The package unpacks Chromium into the temporary folder. The package unpacks its libraries only if it
  // detects AWS Lambda.
  const program = "(await import('@sparticuz/chromium')).default.executablePath()";
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', `await ${program}`], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: { ...process.env, TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x' },
  });
  await writeFile(
    `${unfinished}/fonts.conf`, // the fonts.conf of the package names folders of AWS Lambda
    `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/fonts-cache</cachedir></fontconfig>\n`,
  );
  await rename(unfinished, folder).catch(async (error: NodeJS.ErrnoException) => {
    await rm(unfinished, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // a parallel run has already unpacked Chromium
  });
}
