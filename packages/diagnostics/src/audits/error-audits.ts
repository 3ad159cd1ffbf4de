import { type AuditDefinition, demand, NotJudged } from './audit.js';
import { type AuditedEndpoint, jsonOf } from './audited-endpoint.js';
import { malformed } from './hostile-requests.js';

/** Audits of malformed requests, and of refusals. */
export const errorAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'errors',
    level: 'MUST',
    name: 'answer malformed cookies, tokens and queries without a server error or a stack trace',
    fix: 'Treat a malformed session as no session, and hide stack traces (NODE_ENV=production, DEBUG=False).',
    everyone: true,
    needs: [],
    async run(endpoint) {
      for (const { part, ...question } of [{ part: undefined }, ...malformed]) {
        for (const { visitor, answer } of await endpoint.askAsEveryone(question)) {
          const told = `The answer to ${visitor} with ${part ? `a malformed ${part}` : 'a plain GET'}`;
          demand(!STACK.test(answer.text), `${told} is ${answer.status} and shows a stack trace.`);
          demand(answer.status < 500, `${told} is ${answer.status}.`);
        }
      }
    },
  },
  {
    id: 'token',
    level: 'MUST',
    name: 'never show the HMAC token',
    fix: 'Remove it from answers and headers, and rotate it in Chatwoot.',
    everyone: true,
    needs: ['hmacToken'],
    async run(endpoint) {
      for (const { part, ...question } of [{ part: undefined }, ...malformed]) {
        for (const { answer } of await endpoint.askAsEveryone(question)) {
          const shown = [answer.text, ...answer.headers.values()].some((text) =>
            text.includes(endpoint.hmacToken),
          );
          demand(!shown, `The answer to ${part ? `a malformed ${part}` : 'a plain GET'} contains it.`);
        }
      }
    },
  },
  {
    id: 'problem',
    level: 'SHOULD',
    name: 'explain refusals as application/problem+json (RFC 9457)',
    fix: 'Answer refusals with that type and a JSON object such as {"status":401}.',
    needs: [],
    async run(endpoint) {
      for (const method of ['GET', 'POST']) {
        const answer = await endpoint.ask({ method });
        if (answer.status < 400)
          throw new NotJudged(`${method} is answered ${answer.status}, so there is no refusal to check.`);
        const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
        demand(isProblem, `The ${answer.status} to ${method} has another type.`);
        const { status = answer.status } = jsonOf(answer) ?? {};
        demand(status === answer.status, `The ${answer.status} to ${method} contains another status.`);
      }
    },
  },
];

/** A stack frame of JavaScript, Ruby, PHP or Java, or the first line of a Python traceback. */
const STACK = /\bat .{1,300}:\d+:\d+|\.(rb|php|java):\d+|\.php\(\d+\)|Traceback \(most recent call last\)/;
