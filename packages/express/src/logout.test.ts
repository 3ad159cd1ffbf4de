import { expect, test } from 'vitest';
import { appOf, chat, serve, versions } from '../../../test/support/express-app.js';
import { findMarkup, PLAIN } from '../../../test/support/markup.js';
import { chatwootLogout } from './logout.js';

const headers = { cookie: 'cw_conversation=a; cw_user_token=b' };
const expired = ['cw_conversation', 'cw_user_token'].map((name) =>
  expect.stringMatching(new RegExp(`^${name}=; Path=/; Max-Age=0;`)),
);

test.each(versions)(
  "%s: expires the widget's cookies in a redirect and preserves the cookies that the app sets",
  async (_version, express) => {
    const app = appOf(express, (_req, res) => {
      res.cookie('session', '');
      chatwootLogout(res);
      res.redirect('/');
    });
    const answer = await serve(app, '/', { headers });
    expect(answer.status).toBe(302);
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/^session=/), ...expired]);
  },
);

test.each(versions)('%s: omits the identity from a page in the same response', async (_version, express) => {
  const app = appOf(express, chat(), (_req, res) => {
    chatwootLogout(res);
    res.send(PLAIN);
  });
  const answer = await serve(app, '/', { headers });
  expect(findMarkup(answer.body)?.data.identity).toBeNull();
  expect(answer.headers['set-cookie']).toEqual(expect.arrayContaining(expired));
});
