import { type AuditDefinition, demand, NotJudged } from './audit.js';
import type { AuditedEndpoint } from './audited-endpoint.js';
import type { Answer } from './probe.js';

/** Audits of the HTTP methods. */
export const methodAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'head',
    level: 'MUST',
    name: 'respond to HEAD with the status and Content-Type of GET',
    fix: 'Handle HEAD with the code for GET, and omit the body.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      const heads = await endpoint.askAsEveryone({ method: 'HEAD' });
      for (const [index, { visitor, answer }] of (await endpoint.askAsEveryone()).entries()) {
        const head = heads[index]!.answer;
        const told = `GET by ${visitor} returns ${answer.status}, and HEAD returns`;
        demand(head.status === answer.status, `${told} ${head.status}.`);
        const type = 'content-type';
        demand(head.headers.get(type) === answer.headers.get(type), `${told} another Content-Type.`);
      }
    },
  },
  {
    id: 'methods',
    level: 'MUST',
    name: 'respond to other methods with 405',
    fix: 'Respond with 405 to every method except GET and HEAD.',
    needs: [],
    async run(endpoint) {
      for (const { method, answer } of await askOtherMethods(endpoint))
        demand(answer.status === 405, `${method} returns ${answer.status}.`);
    },
  },
  {
    id: 'allow',
    level: 'SHOULD',
    name: 'list the allowed methods in a 405 response (Allow)',
    fix: 'Send Allow: GET, HEAD. Ignore this warning for a route handler of Next.js, which sends the 405 response itself.',
    needs: [],
    async run(endpoint) {
      const answers = await askOtherMethods(endpoint);
      for (const { method, answer } of answers) {
        const lacking = answer.status === 405 && !/\bGET\b/.test(answer.headers.get('allow') ?? '');
        demand(!lacking, `The 405 response to ${method} has no Allow header that contains GET.`);
      }
      const other = answers.find(({ answer }) => answer.status !== 405);
      if (other)
        throw new NotJudged(`${other.method} returns ${other.answer.status}, so there is no 405 to check.`);
    },
  },
];

/**
 * Sends POST, PUT, PATCH and DELETE as an anonymous visitor only. If the address is wrong, these requests could
 * delete the data of a signed-in user.
 */
async function askOtherMethods(endpoint: AuditedEndpoint): Promise<{ method: string; answer: Answer }[]> {
  const answers = [];
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    answers.push({ method, answer: await endpoint.ask({ method }) });
  return answers;
}
