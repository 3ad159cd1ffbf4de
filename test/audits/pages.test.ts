import { NotJudged, pageAudits } from '@chatwoot-identity/diagnostics';
import { describe, expect, it, test } from 'vitest';
import { runWithToken } from '../cli/run.js';
import { hmacToken, session } from './faults.js';
import { cleanSites, leaks, type Site, startSite } from './pages.js';

async function verdicts(site: Site, options: object = { hmacToken, session }) {
  const { url, close } = await startSite(site);
  const audits = pageAudits({ url, ...options });
  const errors = await Promise.all(audits.map(({ run }) => run().catch((error: Error) => error)));
  await close();
  const failed: Record<string, string> = {};
  const leftOut: Record<string, string> = {};
  for (const [index, { id }] of audits.entries()) {
    const error = errors[index];
    if (error) (error instanceof NotJudged ? leftOut : failed)[id] = error.message;
  }
  return { failed, leftOut };
}

describe('the page audits', () => {
  it.each(leaks)('find $name ($found)', async ({ found, where, site, needsToken }) => {
    for (const options of needsToken ? [{ hmacToken }] : [{ hmacToken }, {}]) {
      const { failed } = await verdicts(site, options);
      expect(Object.keys(failed)).toContain(found);
      expect(failed[found]).toMatch(where);
      expect(failed[found]).toMatch(/\. [A-Z].*\.$/); // the message ends with the fix
      expect(JSON.stringify(failed)).not.toContain(hmacToken);
    }
  });

  it('have at least one test page with a leak for each audit', () => {
    const ids = pageAudits({ url: 'http://localhost' }).map(({ id }) => id);
    expect(new Set(leaks.map(({ found }) => found))).toEqual(new Set(ids));
  });
});

describe('the page audits', () => {
  it.each(cleanSites)('pass for $name', async ({ site }) => {
    expect(await verdicts(site)).toEqual({ failed: {}, leftOut: {} });
  });
});

describe('the page audits', () => {
  it('are inconclusive about the value of the HMAC token if it is not passed', async () => {
    const { leftOut } = await verdicts(cleanSites[0]!.site, { session });
    expect(leftOut).toEqual({
      'page-token': expect.stringMatching(/To search for the value of the token, pass the token\.$/),
    });
  });

  it('are inconclusive about the page for signed-in users if no session is passed', async () => {
    const { leftOut } = await verdicts(cleanSites[0]!.site, { hmacToken });
    expect(leftOut).toEqual({ 'page-cache': expect.stringMatching(/pass a session\.$/) });
  });

  it('are inconclusive for a page that does not call setUser, and for a call with a variable', async () => {
    const without = await verdicts({ '/': '<p>Hello</p>' });
    expect(without.leftOut['page-set-user']).toMatch(
      /Neither the page nor its same-origin scripts call \$chatwoot\.setUser/,
    );
    for (const call of ['(id, profile)', '(idOf({ a: 1 }), profile)', '(id, { ...profile })']) {
      const variable = await verdicts({ '/': `<script>$chatwoot.setUser${call}</script>` });
      expect(variable.leftOut['page-set-user']).toMatch(/passes a variable/);
    }
  });

  it('are inconclusive for scripts that cannot be read', async () => {
    const { failed, leftOut } = await verdicts({
      '/': '<script src=/gone.js></script><script src=/lost.js></script>',
    });
    expect(failed).toEqual({});
    expect(leftOut['page-scripts']).toBe(
      'Some files were not read: the script /gone.js has status 404 (and 1 more file).',
    );
  });

  it('are inconclusive for scripts after the first sixty files', async () => {
    const scripts = Array.from({ length: 61 }, (_script, index) => `/${index}.js`);
    const tags = scripts.map((path) => `<script src="${path}"></script>`).join('');
    const site = { '/': tags, ...Object.fromEntries(scripts.map((path) => [path, 'run()'])) };
    expect((await verdicts(site)).leftOut['page-token']).toMatch(/\/60\.js exceeds the limit of 60 files/);
  });

  it('are inconclusive for a script that exceeds the size limit', async () => {
    const site = { '/': '<script src="/long.js"></script>', '/long.js': 'x'.repeat(9 * 1024 * 1024) };
    expect((await verdicts(site)).leftOut['page-token']).toMatch(/longer than 8 MB/);
  });
});

describe('check --page', () => {
  it('audits only the page and prints the results', async () => {
    const { url, close } = await startSite(leaks[0]!.site);
    const { code, stdout } = await runWithToken('check', '--page', url);
    await close();
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^\u2717 MUST keep the HMAC token out.*\n {4}The HMAC token is in the page .*Rotate the token/,
    );
    expect(stdout).toMatch(/\n\n\d passed, 1 failed, 0 with warnings, \d skipped\n$/);
    expect(stdout).not.toContain(hmacToken);
  });

  it.each<[what: string, site: Site, said: string]>([
    ['a missing page', {}, 'nothing at this address (404)'],
    [
      'a JSON response',
      { '/': { body: '{}', headers: { 'Content-Type': 'application/json' } } },
      'instead of HTML',
    ],
  ])('prints one line to stderr and exits with 2 for %s', async (_what, site, said) => {
    const { url, close } = await startSite(site);
    const { code, stdout, stderr } = await runWithToken('check', '--page', url);
    await close();
    expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(said)]);
  });
});

test.each(['', 'localhost:3000', 'ftp://localhost/'])(
  'pageAudits refuses %j as the address of a page',
  (url) => {
    expect(() => pageAudits({ url })).toThrow(TypeError);
  },
);
