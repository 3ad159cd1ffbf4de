import { gzipSync } from 'node:zlib';
import { hash, source } from '@chatwoot-identity/browser/script';
import { expect, test } from 'vitest';

test('the script is smaller than 5 KB with gzip and is plain ASCII, so any encoding can serve it', () => {
  expect(gzipSync(source, { level: 9 }).length).toBeLessThan(5_120);
  expect(source).toMatch(/^[\n -~]+$/);
});

test('the hash needs no escaping in a URL', () => {
  expect(hash).toMatch(/^[0-9a-f]{12}$/);
});
