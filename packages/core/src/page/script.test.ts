import { expect, test } from 'vitest';
import { createScriptFile } from './script.js';

test('createScriptFile compresses the page script once for all adapters of a process', () => {
  const script = { source: 'void 0;', hash: 'abc' };
  const request = { headers: { 'accept-encoding': 'br' } };
  const [first, second] = [createScriptFile(script), createScriptFile(script)].map((file) =>
    file.reply(request, file.name),
  );
  expect(first?.headers['Content-Encoding']).toBe('br');
  expect(second?.body).toBe(first?.body);
});
