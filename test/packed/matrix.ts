/** The Node releases that are promised: the oldest line's last, and the newest of each since. */
export const NODES = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'] as const;

/** What a stranger may have beside our packages: the newest of everything, and the oldest that is promised. */
export const STACKS = {
  newest: {
    installer: 'npm',
    dependencies: {
      '@types/express': '5.0.6',
      '@types/koa': '3.0.3',
      '@types/node': '26.6.6',
      'expect-type': '1.4.0',
      express: '5.3.0',
      jose: '6.2.17',
      koa: '3.3.0',
      typescript: '7.0.2',
    },
  },
  oldest: {
    installer: 'pnpm', // its node_modules hide what a package does not name among its dependencies
    dependencies: {
      '@types/express': '4.17.25',
      '@types/koa': '2.15.2',
      '@types/node': '20.19.0',
      'expect-type': '1.4.0',
      express: '4.18.0',
      jose: '6.2.0',
      koa: '2.15.0',
      typescript: '5.8.3', // the first that lets CommonJS require ESM
    },
  },
} as const;

export type Stack = keyof typeof STACKS;
export const STACK_NAMES = Object.keys(STACKS) as Stack[];
