/**
 * The supported Node releases: the last release of the oldest line, and the newest release of each later
 * line.
 */
export const NODES = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;

/** The dependencies of a user's project, except the packages of this repository. */
export interface Stack {
  /**
   * The package manager. pnpm hides packages that are not listed as dependencies; npm installs into a flat
   * node_modules.
   */
  readonly installer: 'npm' | 'pnpm';
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The newest and the oldest supported versions of dependencies. */
export const STACKS = {
  newest: {
    installer: 'npm',
    dependencies: {
      '@hono/node-server': '2.1.9',
      '@types/express': '5.0.6',
      '@types/koa': '3.0.3',
      '@types/node': '26.6.6',
      'expect-type': '1.4.0',
      express: '5.3.0',
      hono: '4.13.19',
      jose: '6.2.17',
      koa: '3.3.0',
      typescript: '7.0.2',
    },
  },
  oldest: {
    installer: 'pnpm',
    dependencies: {
      '@hono/node-server': '2.1.0',
      '@types/express': '4.17.25',
      '@types/koa': '2.15.2',
      '@types/node': '20.19.0',
      'expect-type': '1.4.0',
      express: '4.18.0',
      hono: '4.13.0',
      jose: '6.2.0',
      koa: '2.15.0',
      typescript: '5.8.3', // the first release in which CommonJS may require ESM
    },
  },
} as const satisfies Record<string, Stack>;

/** The newest and the oldest supported versions of Next.js and its dependencies. */
export const NEXT_STACKS = {
  'Next.js 16': {
    installer: 'npm',
    dependencies: {
      '@types/node': '26.6.6',
      '@types/react': '19.2.0',
      'expect-type': '1.4.0',
      jose: '6.2.17',
      next: '16.4.6',
      react: '19.3.1',
      'react-dom': '19.3.1',
      typescript: '7.0.2',
    },
  },
  'Next.js 15': {
    installer: 'pnpm',
    dependencies: {
      '@types/node': '20.19.0',
      '@types/react': '18.3.31',
      'expect-type': '1.4.0',
      jose: '6.2.0',
      next: '15.1.0',
      react: '18.2.0',
      'react-dom': '18.2.0',
      typescript: '5.8.3',
    },
  },
} as const satisfies Record<string, Stack>;

const JEST = {
  '@types/express-session': '1.18.2',
  '@types/jest': '30.0.0',
  '@types/supertest': '7.2.0',
  'express-session': '1.19.0',
  jest: '30.5.2',
  supertest: '7.3.2',
  'ts-jest': '29.4.15',
} as const;

const nest = (version: string, typescript: string) => ({
  installer: 'pnpm' as const,
  dependencies: {
    ...JEST,
    '@nestjs/common': version,
    '@nestjs/core': version,
    '@nestjs/platform-express': version,
    '@nestjs/testing': version,
    '@types/express': '5.0.6',
    '@types/node': '24.0.0',
    'reflect-metadata': '0.2.2',
    rxjs: '7.8.2',
    typescript,
  },
});

/** The versions for apps that compile to CommonJS, with the Jest version of their template. */
export const COMMONJS_STACKS = {
  'Express 4': {
    installer: 'pnpm',
    dependencies: {
      ...JEST,
      '@types/express': '4.17.25',
      '@types/node': '20.19.0',
      express: '4.18.0',
      'ts-node': '10.9.2',
      tsx: '4.23.15',
      typescript: '5.9.3',
    },
  },
  'NestJS 11': nest('11.2.6', '5.9.3'),
  'NestJS 12': nest('12.1.1', '6.0.3'),
} as const satisfies Record<string, Stack>;

export type CommonJsStackName = keyof typeof COMMONJS_STACKS;
export const COMMONJS_STACK_NAMES = Object.keys(COMMONJS_STACKS) as CommonJsStackName[];
export type StackName = keyof typeof STACKS;
export type NextStackName = keyof typeof NEXT_STACKS;
export const STACK_NAMES = Object.keys(STACKS) as StackName[];
export const NEXT_STACK_NAMES = Object.keys(NEXT_STACKS) as NextStackName[];
