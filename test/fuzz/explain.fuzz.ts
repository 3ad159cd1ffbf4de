import { explainMismatch } from '@chatwoot-identity/diagnostics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { always, hostileText } from './always.js';

const hmacToken = 'wyHVRZzzJhjPMKR2h7LpeJVy';
const hash = fc.stringMatching(/^[0-9a-f]{64}$/);

test('explainMismatch finds no cause for an unrelated hash', () => {
  always(
    150,
    fc.property(hash, hostileText, (identifierHash, identifier) => {
      const { causes } = explainMismatch({ hmacToken, identifier, identifierHash });
      // Excludes the causes for an identifier that cannot be signed.
      const others = causes.filter(({ code }) => !/^(?:empty|placeholder|unusable)_identifier$/.test(code));
      expect(others).toEqual([]);
    }),
  );
});

test('explainMismatch never throws for hostile text', () => {
  always(
    150,
    fc.property(hostileText, hostileText, hostileText, (identifier, identifierHash, email) => {
      explainMismatch({ hmacToken, identifier, identifierHash, email });
    }),
  );
});
