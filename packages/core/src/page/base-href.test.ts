import { expect, test } from 'vitest';
import { hasBaseOnOtherHost, hostOf } from './base-href.js';

test.each([
  ['<!doctype html><head><base href="https://cdn.example.com/">', true],
  ["<!doctype html><head><BASE target=_top href='//cdn.example.com/'>", true],
  ['<!doctype html><head><base href=https:/\\cdn.example.com>', true],
  ['<!doctype html><head><base href="/app/">', false],
  ['<!doctype html><head><base target="_blank">', false],
  ['<!doctype html><head><title>https://base</title>', false],
])('for the page %j, hasBaseOnOtherHost returns %j', (html, leads) => {
  expect(hasBaseOnOtherHost(html)).toBe(leads);
});

test('hasBaseOnOtherHost scans hostile text in linear time', () => {
  for (const text of [
    '<base '.repeat(680),
    `<base href${' '.repeat(4080)}`,
    `${'<base '.repeat(300)}href=${' '.repeat(2290)}`,
  ])
    expect(hasBaseOnOtherHost(text)).toBe(false);
});

test.each([
  [{ host: 'localhost:3000' }, 'localhost:3000'],
  [{ host: 'shop.example.com', 'x-forwarded-host': 'evil.example' }, 'shop.example.com'],
  [{ ':authority': 'shop.example.com:8443', host: 'other.example' }, 'shop.example.com:8443'],
  [{ host: '[::1]:3000' }, '[::1]:3000'],
  [{ host: 'evil"><script>' }, undefined],
  [{}, undefined],
])('for the headers %j, hostOf returns %j', (headers, host) => {
  expect(hostOf({ headers } as never)).toBe(host);
});
