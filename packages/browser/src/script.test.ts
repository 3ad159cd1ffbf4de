import { gzipSync } from 'node:zlib';
import { hash, source } from '@chatwoot-identity/browser/script';
import { expect, test } from 'vitest';

test('the script is less than 5 KB gzip, plain ASCII and safe in any encoding', () => {
  expect(gzipSync(source, { level: 9 }).length).toBeLessThan(4_960);
  expect(source).toMatch(/^[\n -~]+$/);
});

test('the hash can be part of a URL', () => {
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
});
