// @ts-check
// Measures the cost of injecting the chat into a page. Usage after a build: `node test/bench/injection.js [--quick]`
import { createRequire } from 'node:module';
import { compare } from './compare.js';
import { SIZES } from './pages.js';

const { version } = createRequire(import.meta.url)('express/package.json');
const shared = {
  server: new URL('injection-server.js', import.meta.url),
  versions: [`express ${version}`],
  /** @type {(variant: string, workload: import('./compare.js').Workload, answer: Response, body: string) => void} */
  check(variant, { name, revalidate }, answer, body) {
    const found = body.split('id="chatwoot-identity"').length - 1;
    const expected = variant === 'none' || revalidate || name.startsWith('JSON') ? 0 : 1;
    if (answer.status === (revalidate ? 304 : 200) && found === expected) return;
    throw new Error(`${variant}, ${name}: status ${answer.status}, ${found} chats in the page`);
  },
};
const json = { path: '/api', headers: { accept: 'application/json' } };

await compare({
  ...shared,
  name: 'inject',
  title: 'inject: true: pages without an identity, against the same app without the packages',
  workloads: [
    ...['send', 'stream'].flatMap((way) =>
      Object.keys(SIZES).map((size) => ({
        name: `${way} ${size}`,
        path: `/${way}/${size.replace(' ', '')}`,
      })),
    ),
    { name: '304 for 20 KB', path: '/send/20KB', revalidate: true },
    { name: 'JSON, Accept: application/json', ...json },
    { name: 'JSON, Accept: text/html', path: '/api' },
  ],
  ratios: [
    ['ours', 'none'],
    ['template', 'none'],
    ['ours', 'template'],
  ],
});

const some = ['send 2 KB', 'send 20 KB', 'send 200 KB', 'stream 200 KB'].map((name) => ({
  name,
  path: `/${name.replace(' ', '/').replace(' ', '')}`,
}));

await compare({
  ...shared,
  name: 'inline',
  title: "inject: 'inline': pages with the identity, against the same markup in a template",
  workloads: some,
  ratios: [
    ['ours inline', 'template inline'],
    ['ours inline', 'none'],
  ],
});

await compare({
  ...shared,
  name: 'others',
  title: 'Other injectors, against the same app without them',
  workloads: some,
  ratios: [
    ['ours', 'none'],
    ['connect-inject', 'none'],
    ['express-interceptor', 'none'],
    ['html-rewriter', 'none'],
  ],
});
