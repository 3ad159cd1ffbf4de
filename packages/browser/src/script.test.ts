import { gzipSync } from 'node:zlib';
import { hash, source } from '@chatwoot-identity/browser/script';
import { expect, test } from 'vitest';

test('the script is smaller than 5 KB with gzip, and is ASCII so that it can be served in any encoding', () => {
  expect(gzipSync(source, { level: 9 }).length).toBeLessThan(5_120);
  expect(source).toMatch(/^[\n -~]+$/);
});

test('the hash consists of hex digits, which need no escaping in a URL', () => {
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
});
