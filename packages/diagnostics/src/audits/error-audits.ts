import { type AuditDefinition, demand, NotJudged } from './audit.js';
import { type AuditedEndpoint, jsonOf } from './audited-endpoint.js';
import { malformed } from './hostile-requests.js';

/** Audits of malformed requests, and of refusals. */
export const errorAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'errors',
    level: 'MUST',
    name: 'handle malformed cookies, tokens and queries without a server error or a stack trace',
    fix: 'Treat a malformed session as if there were none, and hide stack traces (NODE_ENV=production, DEBUG=False).',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const { part, ...question } of [{ part: undefined }, ...malformed]) {
        for (const { visitor, answer } of await endpoint.askAsEveryone(question)) {
          const told = `The response to ${visitor} with ${part ? `a malformed ${part}` : 'a plain GET'}`;
          demand(!STACK.test(answer.text), `${told} has status ${answer.status} and contains a stack trace.`);
          demand(answer.status < 500, `${told} has status ${answer.status}.`);
        }
      }
    },
  },
  {
    id: 'token',
    level: 'MUST',
    name: 'never reveal the HMAC token',
    fix: 'Remove the token from bodies and headers of responses, and rotate it in Chatwoot.',
    everyone: true,
    needs: ['hmacToken'],
    async run(endpoint) {
      for (const { part, ...question } of [{ part: undefined }, ...malformed]) {
        for (const { answer } of await endpoint.askAsEveryone(question)) {
          const shown = [answer.text, ...answer.headers.values()].some((text) =>
            text.includes(endpoint.hmacToken),
          );
          demand(
            !shown,
            `The response to ${part ? `a malformed ${part}` : 'a plain GET'} contains the token.`,
          );
        }
      }
    },
  },
  {
    id: 'problem',
    level: 'SHOULD',
    name: 'describe refusals as application/problem+json (RFC 9457)',
    fix: 'Refuse with this content type and a JSON object such as {"status":401}.',
    needs: [],
    async run(endpoint) {
      for (const method of ['GET', 'POST']) {
        const answer = await endpoint.ask({ method });
        if (answer.status < 400)
          throw new NotJudged(`${method} returns ${answer.status}, so there is no refusal to check.`);
        const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
        demand(isProblem, `The ${answer.status} response to ${method} has another content type.`);
        const { status = answer.status } = jsonOf(answer) ?? {};
        demand(
          status === answer.status,
          `The body of the ${answer.status} response to ${method} contains another status.`,
        );
      }
    },
  },
];

/** Matches a stack frame of JavaScript, Ruby, PHP or Java, or the first line of a Python traceback. */
const STACK = /\bat .{1,300}:\d+:\d+|\.(rb|php|java):\d+|\.php\(\d+\)|Traceback \(most recent call last\)/;
