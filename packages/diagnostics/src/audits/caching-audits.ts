import { type AuditDefinition, demand } from './audit.js';
import type { AuditedEndpoint } from './audited-endpoint.js';
import { allowsSharedCache, forbidsStoring } from './cache-headers.js';

/** Audits of caching by browsers and shared caches. */
export const cachingAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'no-store',
    level: 'MUST',
    name: 'prevent all caches from storing the response (Cache-Control: no-store)',
    fix: 'Send Cache-Control: private, no-store, and exclude the endpoint from caches and CDN rules.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const { visitor, answer } of await endpoint.askAsEveryone()) {
        const { headers } = answer;
        demand(forbidsStoring(headers), `The response to ${visitor} lacks no-store.`);
        const [other] = Array.from(headers).find(allowsSharedCache) ?? [];
        demand(
          other === undefined,
          `The response to ${visitor} has ${other}, which overrides Cache-Control in some caches.`,
        );
        demand(!headers.has('age'), `The response to ${visitor} comes from a cache: it has an Age header.`);
      }
    },
  },
  {
    id: 'validators',
    level: 'MUST',
    name: 'send neither ETag nor Last-Modified, and never respond with 304',
    fix: 'Turn off ETags and conditional requests for this endpoint.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const { visitor, answer } of await endpoint.askAsEveryone()) {
        const validator = ['ETag', 'Last-Modified'].find((name) => answer.headers.has(name));
        demand(validator === undefined, `The response to ${visitor} has ${validator}.`);
      }
      for (const { answer } of await endpoint.askAsEveryone({ headers: { 'if-none-match': '*' } }))
        demand(answer.status !== 304, 'The response to If-None-Match: * has status 304.');
    },
  },
  {
    id: 'vary',
    level: 'SHOULD',
    name: 'declare that the response depends on the session (Vary: Cookie, or Authorization)',
    fix: 'Add Cookie or Authorization, whichever contains the session, to the Vary header.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const { visitor, answer } of await endpoint.askAsEveryone()) {
        const vary = answer.headers.get('vary') ?? '';
        demand(/\*|\b(cookie|authorization)\b/i.test(vary), `The response to ${visitor} lacks Vary: Cookie.`);
      }
    },
  },
];
