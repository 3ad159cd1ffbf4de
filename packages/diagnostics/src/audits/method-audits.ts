import { type AuditDefinition, demand, NotJudged } from './audit.js';
import type { AuditedEndpoint } from './audited-endpoint.js';
import type { Answer } from './probe.js';

/** Audits of the HTTP methods. */
export const methodAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'head',
    level: 'MUST',
    name: 'answer HEAD as it answers GET',
    fix: 'Handle HEAD with the code for GET, without the body.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      const heads = await endpoint.askAsEveryone({ method: 'HEAD' });
      for (const [index, { visitor, answer }] of (await endpoint.askAsEveryone()).entries()) {
        const head = heads[index]!.answer;
        const told = `GET by ${visitor} is answered ${answer.status}, and HEAD`;
        demand(head.status === answer.status, `${told} ${head.status}.`);
        const type = 'content-type';
        demand(head.headers.get(type) === answer.headers.get(type), `${told} with another Content-Type.`);
      }
    },
  },
  {
    id: 'methods',
    level: 'MUST',
    name: 'answer other methods with 405',
    fix: 'Answer every method except GET and HEAD with 405.',
    needs: [],
    async run(endpoint) {
      for (const { method, answer } of await askOtherMethods(endpoint))
        demand(answer.status === 405, `${method} is answered ${answer.status}.`);
    },
  },
  {
    id: 'allow',
    level: 'SHOULD',
    name: 'list the methods in a 405 (Allow)',
    fix: 'Send Allow: GET, HEAD. Ignore this for a route handler of Next.js, which sends the 405 itself.',
    needs: [],
    async run(endpoint) {
      const answers = await askOtherMethods(endpoint);
      for (const { method, answer } of answers) {
        const lacking = answer.status === 405 && !/\bGET\b/.test(answer.headers.get('allow') ?? '');
        demand(!lacking, `The 405 to ${method} lacks Allow.`);
      }
      const other = answers.find(({ answer }) => answer.status !== 405);
      if (other)
        throw new NotJudged(
          `${other.method} is answered ${other.answer.status}, so there is no 405 to check.`,
        );
    },
  },
];

/** Never sent as the signed-in user: if the address is wrong, the requests could delete their data. */
async function askOtherMethods(endpoint: AuditedEndpoint): Promise<{ method: string; answer: Answer }[]> {
  const answers = [];
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    answers.push({ method, answer: await endpoint.ask({ method }) });
  return answers;
}
