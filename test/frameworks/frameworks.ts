/** An app in this folder, with a login, a page and a logout. */
export interface Framework {
  readonly name: string;
  readonly folder: string;
  /** The folder from which the app's sources import `sessions.js`. */
  readonly sessions: string;
  readonly build?: readonly string[];
  readonly start: readonly string[];
  readonly adapter: 'fetch' | 'express';
  readonly dependencies: Readonly<Record<string, string>>;
}

const react = { react: '19.3.1', 'react-dom': '19.3.1' };
const vite = { vite: '8.3.8' };
const fastifySession = { '@fastify/cookie': '11.1.5', '@fastify/session': '11.1.3' };

export const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'SvelteKit 3',
    folder: 'sveltekit',
    sessions: 'src',
    build: ['vite', 'build'],
    start: ['build/index.js'],
    adapter: 'fetch',
    dependencies: {
      ...vite,
      '@sveltejs/adapter-node': '6.0.1',
      '@sveltejs/kit': '3.2.0',
      '@sveltejs/vite-plugin-svelte': '7.3.1',
      svelte: '5.57.3',
    },
  },
  {
    name: 'Astro 7',
    folder: 'astro',
    sessions: 'src',
    build: ['astro', 'build'],
    start: ['dist/server/entry.mjs'],
    adapter: 'fetch',
    dependencies: { '@astrojs/node': '11.1.6', astro: '7.3.5' },
  },
  {
    name: 'React Router 8',
    folder: 'react-router',
    sessions: 'app',
    build: ['react-router', 'build'],
    start: ['node_modules/@react-router/serve/bin.cjs', 'build/server/index.js'],
    adapter: 'fetch',
    dependencies: {
      ...react,
      ...vite,
      '@react-router/dev': '8.4.0',
      '@react-router/node': '8.4.0',
      '@react-router/serve': '8.4.0',
      isbot: '5.2.3',
      'react-router': '8.4.0',
      typescript: '5.9.3',
    },
  },
  {
    name: 'TanStack Start 1',
    folder: 'tanstack-start',
    sessions: 'src',
    build: ['vite', 'build'],
    start: ['serve.js'],
    adapter: 'fetch',
    dependencies: {
      ...react,
      ...vite,
      '@tanstack/react-router': '1.170.46',
      '@tanstack/react-start': '1.169.5',
      '@vitejs/plugin-react': '6.3.0',
      srvx: '1.0.8',
    },
  },
  {
    name: 'Nuxt 4',
    folder: 'nuxt',
    sessions: 'server/utils',
    build: ['nuxt', 'build'],
    start: ['.output/server/index.mjs'],
    adapter: 'express',
    dependencies: { nuxt: '4.5.2' },
  },
  {
    name: 'Elysia 1',
    folder: 'elysia',
    sessions: '.',
    start: ['server.js'],
    adapter: 'fetch',
    dependencies: { elysia: '1.4.30', srvx: '1.0.8' },
  },
  {
    name: 'Fastify 5',
    folder: 'fastify',
    sessions: '.',
    start: ['server.js'],
    adapter: 'express',
    dependencies: { ...fastifySession, fastify: '5.12.8' },
  },
  {
    name: 'NestJS 12 on Fastify',
    folder: 'nest-fastify',
    sessions: 'src',
    start: ['node_modules/tsx/dist/cli.mjs', 'src/main.ts'],
    adapter: 'express',
    dependencies: {
      ...fastifySession,
      '@nestjs/common': '12.5.0',
      '@nestjs/core': '12.5.0',
      '@nestjs/platform-fastify': '12.5.0',
      'reflect-metadata': '0.2.2',
      rxjs: '7.8.2',
      tsx: '4.23.15',
    },
  },
];
