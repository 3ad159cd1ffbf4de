import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { NEXT_STACK_NAMES, NEXT_STACKS, STACK_NAMES, STACKS } from './matrix.js';
import { compile } from './typescript.js';

const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' };

/** How projects resolve packages. */
const RESOLUTIONS = [
  ['nodenext, ESM', 'module', {}],
  ['nodenext, CommonJS', 'commonjs', {}],
  ['a bundler', 'module', BUNDLER],
  ['a bundler, CommonJS', 'commonjs', { module: 'commonjs', moduleResolution: 'bundler' }],
] as const;

describe.each(STACK_NAMES)('%s', (stack) => {
  const folder = inject('stacks')[stack];

  describe.each(RESOLUTIONS)(
    `TypeScript ${STACKS[stack].dependencies.typescript}, %s`,
    (_, format, options) => {
      it.each([true, false])('exactOptionalPropertyTypes %s', async (exactOptionalPropertyTypes) => {
        const noEmit = { noEmit: true, exactOptionalPropertyTypes, ...options };
        expect(await compile(join(folder, format), noEmit)).toEqual([]);
      });
    },
  );

  it('the browser package in a project of the page alone, without the types of Node', async () => {
    const page = { noEmit: true, ...BUNDLER, types: [], lib: ['es2022', 'dom'] };
    expect(await compile(join(folder, 'module'), page, ['types/browser.ts'])).toEqual([]);
  });
});

// TypeScript 7 has dropped node10; with TypeScript 5 it is the default of `module: commonjs`.
it(`oldest: TypeScript ${STACKS.oldest.dependencies.typescript}, node10, CommonJS`, async () => {
  const node10 = { noEmit: true, module: 'commonjs', moduleResolution: 'node10' };
  expect(await compile(join(inject('stacks').oldest, 'commonjs'), node10)).toEqual([]);
});

describe.each(NEXT_STACK_NAMES)('%s', (stack) => {
  const folder = inject('stacks')[stack];
  const { typescript, react } = NEXT_STACKS[stack].dependencies;

  it.each([true, false])(
    `TypeScript ${typescript}, React ${react}, exactOptionalPropertyTypes %s`,
    async (exactOptionalPropertyTypes) => {
      const options = { noEmit: true, exactOptionalPropertyTypes, ...BUNDLER, jsx: 'preserve' };
      expect(await compile(folder, options, ['**/*.ts', '**/*.tsx'])).toEqual([]);
    },
  );
});
