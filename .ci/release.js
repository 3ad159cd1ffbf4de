// @ts-check
/**
 * Publishes all packages: `node .ci/release.js v1.2.3`. The release workflow runs this script with the tag that started it.
 * `npm run rehearse` runs this script with a registry on this machine.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const tag = process.argv[2];
const root = new URL('../', import.meta.url);
const read = (/** @type {string} */ path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

const problems = readdirSync(new URL('packages/', root)).flatMap((folder) => {
  const path = `packages/${folder}/package.json`;
  const manifest = read(path);
  // npm shows these links on the page of a package. npm provenance requires the field `repository`.
  const missing = ['repository', 'homepage', 'bugs'].filter((field) => !manifest[field]);
  return [
    ...missing.map((field) => `${path} has no "${field}". Add it.`),
    ...(`v${manifest.version}` === tag
      ? []
      : [
          `${path} has version ${manifest.version}, but the tag is ${tag}. Tag the commit that changes the version.`,
        ]),
  ];
});
if (problems.length > 0) {
  console.error(`Nothing was published.\n${problems.join('\n')}`);
  process.exit(1);
}

const { packageManager } = read('package.json');
const publish = ['--recursive', '--filter', './packages/*', 'publish', '--no-git-checks']; // releases run on a tag, and pnpm's Git checks require a branch
const { status } = spawnSync('npx', ['--yes', packageManager, ...publish], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;
