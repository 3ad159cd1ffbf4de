import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { NEXT_STACK_NAMES, NEXT_STACKS, STACK_NAMES, STACKS } from './matrix.js';
import { compile } from './typescript.js';

const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' };

/** The module formats and resolution modes of projects. */
const RESOLUTIONS = [
  ['nodenext, ESM', 'module', {}],
  ['nodenext, CommonJS', 'commonjs', {}],
  ['moduleResolution bundler', 'module', BUNDLER],
] as const;

describe.each(STACK_NAMES)('a project with the %s versions', (stack) => {
  const folder = inject('stacks')[stack];

  describe.each(RESOLUTIONS)(
    `TypeScript ${STACKS[stack].dependencies.typescript}, %s`,
    (_, format, options) => {
      it.each([true, false])(
        'compiles with exactOptionalPropertyTypes %s',
        async (exactOptionalPropertyTypes) => {
          const noEmit = { noEmit: true, exactOptionalPropertyTypes, ...options };
          expect(await compile(join(folder, format), noEmit)).toEqual([]);
        },
      );
    },
  );

  it('compiles the browser package without the types of Node', async () => {
    const page = { noEmit: true, ...BUNDLER, types: [], lib: ['es2022', 'dom'] };
    expect(await compile(join(folder, 'module'), page, ['types/browser.ts'])).toEqual([]);
    expect(await compile(join(folder, 'module'), page, ['types/global.ts'])).toEqual([]);
  });

  it('declares window.$chatwoot only after the import of @chatwoot-identity/browser/global', async () => {
    const errors = await compile(join(folder, 'module'), { noEmit: true, ...BUNDLER }, [
      'types/without-global.ts',
    ]);
    expect(errors).toEqual([expect.stringContaining("Property '$chatwoot' does not exist")]);
  });
});

// The default of `module: commonjs`. TypeScript 6 replaced node10 as the default, and TypeScript 7 no longer
// supports node10.
it.each([
  ['oldest', 'node10'],
  ['newest', 'bundler'],
] as const)(
  'a project with the %s versions compiles with module commonjs and moduleResolution %s',
  async (stack, moduleResolution) => {
    const options = { noEmit: true, module: 'commonjs', moduleResolution };
    expect(await compile(join(inject('stacks')[stack], 'commonjs'), options)).toEqual([]);
  },
);

describe.each(NEXT_STACK_NAMES)('a project with %s', (stack) => {
  const folder = inject('stacks')[stack];
  const { typescript, react } = NEXT_STACKS[stack].dependencies;

  it.each([true, false])(
    `compiles with TypeScript ${typescript}, React ${react} and exactOptionalPropertyTypes %s`,
    async (exactOptionalPropertyTypes) => {
      const options = { noEmit: true, exactOptionalPropertyTypes, ...BUNDLER, jsx: 'preserve' };
      expect(await compile(folder, options, ['**/*.ts', '**/*.tsx'])).toEqual([]);
    },
  );
});
