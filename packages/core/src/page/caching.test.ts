import { expect, test } from 'vitest';
import { isCachingHeader } from './caching.js';

test.each([
  'cache-control',
  'cdn-cache-control',
  'cloudflare-cdn-cache-control',
  'vercel-cdn-cache-control',
  'netlify-cdn-cache-control',
  'fastly-cdn-cache-control',
  'deno-cdn-cache-control',
  'akamai-cache-control',
  'x-litespeed-cache-control',
  'etag',
  'last-modified',
  'accept-ranges',
  'expires',
  'pragma',
  'surrogate-control',
  'edge-control',
  'x-accel-expires',
])('isCachingHeader returns true for %s', (name) => {
  expect(isCachingHeader(name)).toBe(true);
});

test.each(['vary', 'age', 'content-type', 'cache-control-note', 'x-cache', 'set-cookie'])(
  'isCachingHeader returns false for %s',
  (name) => {
    expect(isCachingHeader(name)).toBe(false);
  },
);
