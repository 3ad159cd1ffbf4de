import http from 'node:http';
import { Readable } from 'node:stream';
import type { Middleware } from 'koa';
import session from 'koa-session';
import { describe, expect, test } from 'vitest';
import { ask, serving } from '../../../test/support/http.js';
import { appOf, chat, serve, versions } from '../../../test/support/koa-app.js';
import { findMarkup, PLAIN } from '../../../test/support/markup.js';
import { chatwootLogout } from './logout.js';

const page: Middleware = (ctx) => {
  ctx.body = PLAIN;
};
const piped: Middleware = (ctx) => {
  ctx.type = 'html';
  ctx.body = Readable.from([PLAIN]);
};

describe.each(versions)('%s', (_version, Koa) => {
  const cookie = 'cw_conversation=a; cw_user_token=b';
  const ended = ['cw_conversation', 'cw_user_token'].map((name) =>
    expect.stringMatching(new RegExp(`^${name}=; Path=/; Max-Age=0;`)),
  );

  test("chatwootLogout expires the widget's cookies in a redirect and preserves the cookies of koa-session", async () => {
    const app = new Koa();
    app.keys = ['key'];
    app.use(session(app));
    app.use((ctx) => {
      ctx.session!.user = 'ada';
      chatwootLogout(ctx);
      ctx.redirect('/');
    });
    const answer = await serving(http.createServer(app.callback()), (url) =>
      ask(url, { headers: { cookie } }),
    );
    expect(answer.status).toBe(302);
    expect(answer.headers['set-cookie']).toEqual([
      ...ended,
      expect.stringMatching(/^koa\.sess=/),
      expect.stringMatching(/^koa\.sess\.sig=/),
    ]);
  });

  test("a page for an anonymous visitor expires the widget's cookies of an earlier user", async () => {
    for (const body of [page, piped]) {
      const answer = await serve(appOf(Koa, chat({ contact: () => null }), body), '/', {
        headers: { cookie },
      });
      expect(answer.headers['set-cookie']).toEqual(ended);
      expect(findMarkup(answer.body)?.data.identity).toBeNull();
    }
  });
});
