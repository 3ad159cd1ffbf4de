import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, inject, it } from 'vitest';
import { entries } from './tarballs.js';

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const attw = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js');

const CODE = /\.(?:js|d\.ts)$/;
/** Matches private keys, tokens of registries and hosts, and assignments of values that look like secrets. */
const SECRET =
  /-----BEGIN [A-Z ]*PRIVATE KEY|\bnpm_[A-Za-z0-9]{36}|\bgh[opsu]_[A-Za-z0-9]{36}|\bAKIA[A-Z0-9]{16}|_authToken=/;

describe.each(inject('tarballs'))('the tarball of $name', (tarball) => {
  const { name, folder, source, file, manifest } = tarball;
  const read = (path: string) => readFile(join(folder, path), 'utf8');

  async function files(): Promise<string[]> {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  }

  it('contains a licence, a README, the manifest and only the files that the manifest lists', async () => {
    expect(await read('LICENSE')).toMatch(/^MIT License/);
    expect(await read('README.md')).toMatch(new RegExp(`^# ${name}$`, 'm'));
    const folders = manifest.files as string[];
    const others = (await files()).filter((path) => !folders.includes(path.split('/')[0]!));
    expect(others.sort()).toEqual(['LICENSE', 'README.md', 'package.json']);
  });

  it('contains no tests, no sources, no source maps without their sources, and no files of an earlier build', async () => {
    const sources = (await readdir(join(source, 'src'), { recursive: true })).map((path) =>
      path.replace(/\.tsx?$/, ''),
    );
    if (name.endsWith('/browser')) sources.push('script'); // build.js of the package builds this file
    for (const path of await files()) {
      expect(path).not.toMatch(/\.test\.|\.map$|(?<!\.d)\.tsx?$|\.env|\.npmrc|tsbuildinfo/);
      if (CODE.test(path)) expect(await read(path)).not.toMatch(/^\/\/# sourceMappingURL=/m);
      const built = /^dist(?:-cjs)?\/(.+)$/.exec(path)?.[1];
      if (built && built !== 'package.json') expect(sources).toContain(built.replace(CODE, ''));
    }
  });

  it('contains no secrets and no paths of the machine that built it', async () => {
    for (const path of await files()) {
      if (extname(path) === '.png') continue;
      const text = await read(path);
      expect(text).not.toMatch(SECRET);
      expect(text).not.toContain(join(source, '../..'));
      expect(text).not.toContain(process.env.HOME);
    }
  });

  it('has a manifest that works with registries and bundlers', () => {
    expect(manifest).toMatchObject({
      description: expect.stringMatching(/\.$/),
      license: 'MIT',
      type: 'module',
      sideEffects: expect.anything(),
      engines: { node: '>=20.19' },
      keywords: expect.arrayContaining(['chatwoot']),
      publishConfig: { access: 'public' },
    });
    expect(JSON.stringify(manifest)).not.toMatch(/"(?:workspace|catalog|link|file):/);
  });

  it('has a manifest that npm publishes without corrections', async () => {
    await run('npm', ['pkg', 'fix'], { cwd: folder });
    expect(JSON.parse(await read('package.json'))).toEqual(manifest);
  });

  it('passes publint', async () => {
    const { buffer } = new Uint8Array(await readFile(file));
    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  if (entries(tarball).length === 0) return; // the command line has no exports
  it('has types in every resolution mode, including node10', async () => {
    const checked = await run(process.execPath, [attw, file, '--profile', 'strict']).catch((error) => error);
    expect(checked.code ?? 0, checked.stdout).toBe(0);
  });
});
