// @ts-check
// What it costs to put the chat into a page. `node test/bench/injection.js [--quick]`, after a build.
import { createRequire } from 'node:module';
import { compare } from './compare.js';
import { SIZES } from './pages.js';

const { version } = createRequire(import.meta.url)('express/package.json');

await compare({
  title: 'Injection: one page with the chat of the signed-in user',
  server: new URL('injection-server.js', import.meta.url),
  versions: [`express ${version}`],
  workloads: ['send', 'stream'].flatMap((way) =>
    Object.keys(SIZES).map((size) => ({ name: `${way} ${size}`, path: `/${way}/${size.replace(' ', '')}` })),
  ),
  ratios: [
    ['template', 'none'],
    ['ours', 'none'],
    ['ours', 'template'],
    ['connect-inject', 'none'],
    ['express-interceptor', 'none'],
    ['html-rewriter', 'none'],
  ],
  check(variant, { name }, answer, body) {
    const found = body.split('id="chatwoot-identity"').length - 1;
    if (answer.status === 200 && found === (variant === 'none' ? 0 : 1)) return;
    throw new Error(`${variant}, ${name}: status ${answer.status}, ${found} chats in the page`);
  },
});
