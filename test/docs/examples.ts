import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An `@example` block of an export. */
export interface Example {
  readonly path: string;
  readonly name: string;
  readonly code: string;
}

/** Declarations of the names in examples that come from the reader's app. */
const APP = `
import type { RequestLike } from '@chatwoot-identity/core';
import type { Application, Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReactNode as Node } from 'react';
import type { GetServerSideProps as ServerSideProps } from 'next';

declare module 'express-session' {
  interface SessionData {
    user: { id: string; name: string };
  }
}
interface User { id: string; name: string; email: string }

declare global {
  type ReactNode = Node;
  type GetServerSideProps = ServerSideProps;
  const app: Application;
  const session: typeof import('express-session');
  const chatwootIdentity: typeof import('@chatwoot-identity/express').chatwootIdentity;
  const createServer: typeof import('node:http').createServer;
  const findUser: (request: RequestLike) => { identifier: string } | null;
  const inbox: { hmacToken: string; websiteToken: string; baseUrl: string };
  const hmacToken: string, websiteToken: string, baseUrl: string, secret: string, identifierHash: string;
  const url: string, cookie: string;
  const user: User;
  const request: IncomingMessage, response: ServerResponse;
  const req: Request, res: Response;
  const body: any;
  const options: { baseUrl: string; websiteToken: string; identityUrl: string };
  const button: HTMLButtonElement;
  const log: { warn(fields: object, message: string): void };
  const test: (name: string, run: () => Promise<void>) => void;
  const getAccessToken: () => Promise<string>;
  const auth: () => Promise<{ user: User } | null>;
  const getServerSession: (...request: unknown[]) => Promise<{ user: User } | null>;
  const authOptions: object;
}
`;

/** Declarations for the packages in whose examples these names have another meaning. */
const APP_OF: Readonly<Record<string, string>> = {
  '@chatwoot-identity/koa': `
import type Koa from 'koa';
declare const app: Koa, session: typeof import('koa-session').default, router: import('@koa/router').default;
`,
  '@chatwoot-identity/fetch': `
declare const userOf: (request: Request) => Promise<{ id: string; name: string } | null>;
declare const respond: (request: Request) => Promise<Response>;
`,
  '@chatwoot-identity/jwt': `
declare const session: import('@chatwoot-identity/jwt').JwtSession;
`,
};

const options = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    jsx: 'react-jsx',
    types: ['node'],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    paths: { '@/*': ['./*'] },
  },
};

/**
 * Compiles examples as modules of a reader's app, each with an import of the names that the package exports. An example
 * of several files contains the name of each file in a comment. A code block of a guide contains its own imports.
 *
 * @param exported returns the names that an import path exports
 * @returns the compiler's output, which is empty if all examples compile
 */
export function compileErrors(
  examples: readonly Example[],
  exported: (path: string) => readonly string[],
): string {
  const folder = mkdtempSync(fileURLToPath(new URL('../node_modules/.examples-', import.meta.url)));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  try {
    write('tsconfig.json', JSON.stringify(options));
    write('app.ts', APP);
    examples.forEach(({ path, name, code }, index) => {
      const [start, ...named] = code.split(/^\/\/ (?=[\w./-]+\.tsx?$)/m);
      const files = named.map((text) => text.split(/\n(.*)/s, 2) as [string, string]);
      if (start) files.push([`example-${index}-${name}.tsx`, start]);
      for (const [file, text] of files) write(file, moduleOf(path, text, exported(path)));
    });
    const tsc = createRequire(import.meta.url)
      .resolve('typescript/package.json')
      .replace('package.json', 'bin/tsc');
    const { stdout, stderr } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function moduleOf(path: string, code: string, exported: readonly string[]): string {
  const names = exported.filter((name) => new RegExp(`\\b${name}\\b`).test(code));
  const ambient = /^const session\b/m.test(code) ? '' : (APP_OF[path] ?? '');
  const imports = names.length > 0 ? `import { ${names.join(', ')} } from '${path}';` : '';
  return `${imports}\n${ambient}\n${code}\nexport {};\n`;
}
