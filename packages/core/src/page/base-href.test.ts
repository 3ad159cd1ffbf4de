import { expect, test } from 'vitest';
import { hasBaseOnOtherHost, hostOf } from './base-href.js';

test.each([
  ['<!doctype html><head><base href="https://cdn.example.com/">', true],
  ["<!doctype html><head><BASE target=_top href='//cdn.example.com/'>", true],
  ['<!doctype html><head><base href=https:/\\cdn.example.com>', true],
  ['<!doctype html><head><base href="/app/">', false],
  ['<!doctype html><head><base target="_blank">', false],
  ['<!doctype html><head><title>https://base</title>', false],
])('%j leads addresses to another host: %j', (html, leads) => {
  expect(hasBaseOnOtherHost(Buffer.from(html))).toBe(leads);
});

test.each([
  [{ host: 'localhost:3000' }, 'localhost', 'localhost:3000'],
  [{ host: '10.0.0.7:8080' }, 'shop.example.com', 'shop.example.com'],
  [{ host: '[::1]:3000' }, '[::1]', '[::1]:3000'],
  [{ host: 'shop.example.com' }, undefined, 'shop.example.com'],
  [{ host: 'evil"><script>' }, undefined, undefined],
  [{}, undefined, undefined],
])('the host of %j behind a proxy that says %j is %j', (headers, hostname, host) => {
  expect(hostOf({ headers, ...(hostname && { hostname }) } as never)).toBe(host);
});
