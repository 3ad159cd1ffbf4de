import { expect, test } from 'vitest';
import { logoutCookies } from './logout.js';

const names = (cookies: string[]) => cookies.map((cookie) => cookie.replace(/;.*?( Domain=[^;]*)?;.*/, '$1'));

test('logoutCookies expires the cookies for the host and for each parent domain (the setting baseDomain)', () => {
  const request = {
    headers: { cookie: 'sid=1; cw_user_abc=2; cw_conversation=3;cw_user_d-e=4; cw_user_abc=5; cw_userx=6' },
  };
  expect(names(logoutCookies(request, 'shop.example.com'))).toEqual(
    ['cw_conversation', 'cw_user_abc', 'cw_user_d-e'].flatMap((name) => [
      `${name}=`,
      `${name}= Domain=shop.example.com`,
      `${name}= Domain=example.com`,
    ]),
  );
});

test('logoutCookies returns an expired cookie with Path, Max-Age, Expires and SameSite', () => {
  expect(logoutCookies({ headers: {} }, 'localhost')).toEqual([
    'cw_conversation=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; SameSite=Lax',
  ]);
});

test.each(['127.0.0.1', '[::1]', '::1', '', 'evil\r\nSet-Cookie: a=b', 'a.b; Secure', 'example.com:80'])(
  'logoutCookies omits the Domain attribute for the host %j',
  (hostname) => {
    expect(logoutCookies({ headers: {} }, hostname)).toHaveLength(1);
  },
);

test('logoutCookies ignores a cookie name that could inject text into the Set-Cookie header', () => {
  const cookies = logoutCookies(
    { headers: { cookie: 'cw_user_a b=1; cw_user_<x>=1; cw_user_ok=1' } },
    'localhost',
  );
  expect(names(cookies)).toEqual(['cw_conversation=', 'cw_user_ok=']);
});

test('logoutCookies limits the number of expired cookies for hundreds of user cookies and a host of 120 labels', () => {
  const cookie = Array.from({ length: 700 }, (_, index) => `cw_user_${index}=`).join('; ');
  const hostname = Array.from({ length: 120 }, () => 'a').join('.');
  expect(logoutCookies({ headers: {} }, `${'a.'.repeat(7_500)}b`)).toHaveLength(1);
  const cookies = logoutCookies({ headers: { cookie } }, hostname);
  expect(cookies).toHaveLength((1 + 5) * (1 + 8));
  expect(cookies.join('').length).toBeLessThan(cookie.length);
  expect(names(cookies)).toContain('cw_conversation= Domain=a.a');
});
