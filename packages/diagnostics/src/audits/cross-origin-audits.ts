import { type AuditDefinition, demand } from './audit.js';
import type { AuditedEndpoint } from './audited-endpoint.js';
import { ATTACKER } from './hostile-requests.js';

/** Audits of requests from other sites. */
export const crossOriginAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'cross-site',
    level: 'MUST',
    name: 'answer the requests of another site with 403',
    fix: 'Answer 403 if the request has Sec-Fetch-Site: cross-site.',
    needs: ['session'],
    async run(endpoint) {
      const headers = { origin: ATTACKER, 'sec-fetch-site': 'cross-site' };
      const { status } = await endpoint.ask({ signedIn: true, headers });
      demand(status === 403, `The answer to Sec-Fetch-Site: cross-site is ${status}.`);
    },
  },
  {
    id: 'cors',
    level: 'MUST',
    name: 'let no foreign origin read the answer (CORS)',
    fix: 'Exclude the endpoint from app-wide CORS, or allow exact origins only.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const origin of [ATTACKER, 'null', ...endpoint.lookalikes]) {
        for (const method of ['GET', 'OPTIONS']) {
          const preflight = method === 'OPTIONS' && { 'access-control-request-method': 'GET' };
          const headers = { origin, ...preflight };
          for (const { answer } of await endpoint.askAsEveryone({ method, headers })) {
            const allowed = answer.headers.get('access-control-allow-origin');
            const open = allowed === '*' || allowed === origin;
            demand(!open, `${method} from a foreign origin gets Access-Control-Allow-Origin: ${allowed}.`);
          }
        }
      }
    },
  },
  {
    id: 'nosniff',
    level: 'SHOULD',
    name: 'forbid browsers to guess the type (X-Content-Type-Options: nosniff)',
    fix: 'Set the header on every answer.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const { visitor, answer } of await endpoint.askAsEveryone()) {
        const nosniff = answer.headers.get('x-content-type-options')?.toLowerCase() === 'nosniff';
        demand(nosniff, `The answer to ${visitor} lacks nosniff.`);
      }
    },
  },
];
