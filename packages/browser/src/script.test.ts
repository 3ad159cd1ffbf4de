import { gzipSync } from 'node:zlib';
import { hash, source } from '@chatwoot-identity/browser/script';
import { expect, test } from 'vitest';

// Larger than the 3 KB that it had at first: back-off, snapshots, DOM clobbering, Trusted Types, request headers and `suspend` came later.
test('the script is about 5 KB gzip, plain ASCII and safe in any encoding', () => {
  expect(gzipSync(source, { level: 9 }).length).toBeLessThan(5_100);
  expect(source).toMatch(/^[\n -~]+$/);
});

test('the hash fits into an address', () => {
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
});
