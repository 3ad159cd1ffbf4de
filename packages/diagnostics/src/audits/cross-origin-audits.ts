import { type AuditDefinition, demand } from './audit.js';
import type { AuditedEndpoint } from './audited-endpoint.js';
import { ATTACKER } from './hostile-requests.js';

/** Audits of requests from other sites. */
export const crossOriginAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'cross-site',
    level: 'MUST',
    name: 'respond to requests from other sites with 403',
    fix: 'Respond with 403 if the request has Sec-Fetch-Site: cross-site.',
    needs: ['session'],
    async run(endpoint) {
      const headers = { origin: ATTACKER, 'sec-fetch-site': 'cross-site' };
      const { status } = await endpoint.ask({ signedIn: true, headers });
      demand(status === 403, `The response to Sec-Fetch-Site: cross-site has status ${status}.`);
    },
  },
  {
    id: 'cors',
    level: 'MUST',
    name: 'prevent other origins from reading the response (CORS)',
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
            demand(
              !open,
              `The response to ${method} from another origin has Access-Control-Allow-Origin: ${allowed}.`,
            );
          }
        }
      }
    },
  },
  {
    id: 'nosniff',
    level: 'SHOULD',
    name: 'prevent browsers from guessing the content type (X-Content-Type-Options: nosniff)',
    fix: 'Set this header on every response.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const { visitor, answer } of await endpoint.askAsEveryone()) {
        const nosniff = answer.headers.get('x-content-type-options')?.toLowerCase() === 'nosniff';
        demand(nosniff, `The response to ${visitor} lacks nosniff.`);
      }
    },
  },
];
