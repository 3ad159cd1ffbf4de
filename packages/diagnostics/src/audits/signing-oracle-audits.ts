import { identifierHash } from '@chatwoot-identity/core';
import { type AuditDefinition, demand, NotJudged } from './audit.js';
import { type AuditedEndpoint, jsonOf, type Visitor } from './audited-endpoint.js';
import { hashesIn } from './hashes.js';
import {
  choosingAddresses,
  choosingBodies,
  choosingRequests,
  emailOf,
  type HostileRequest,
  oneByOne,
  VICTIMS,
} from './hostile-requests.js';
import type { Answer } from './probe.js';

/**
 * Audits for signing oracles. A signing oracle is an endpoint that signs the user named in a request, so that
 * anyone can impersonate any user.
 */
export const signingOracleAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'own-user',
    level: 'MUST',
    name: 'identify the user by the session, and ignore users named in the query, path, cookies and headers',
    fix:
      'Take the identifier from the verified session only. If a proxy sets such a header, the proxy must remove ' +
      'it from incoming requests, and the app must be reachable through the proxy alone.',
    everyone: true,
    needs: [],
    async run(endpoint) {
      const unclear: string[] = [];
      for (const visitor of endpoint.visitors) {
        const own = await OwnAnswer.of(endpoint, visitor);
        const requests = [...choosingRequests(), ...choosingAddresses(endpoint.url, own.names)];
        if (own.unclear) unclear.push(own.unclear);
        for (const request of requests) {
          const { status } = await tryToChoose(endpoint, own, request);
          const { part } = request;
          if (part === 'query string' && status !== own.answer.status && !REFUSED_WHOLE.includes(status))
            unclear.push(
              `The ${part} of ${visitor} changed the status from ${own.answer.status} to ${status}: the endpoint may look up the user named there.`,
            );
        }
      }
      if (unclear[0]) throw new NotJudged(unclear[0]);
    },
  },
  {
    id: 'own-user-post',
    level: 'MUST',
    name: 'never sign a user named in the body of a POST',
    fix: 'Take the identifier from the verified session only, and respond to POST with 405.',
    needs: [],
    async run(endpoint) {
      const { status } = await endpoint.ask({ method: 'POST' });
      // The status 404, 405 or 501 means that no code handles POST, so the audit sends no POST as the signed-in
      // user.
      const isHandled = ![404, 405, 501].includes(status);
      const visitors = isHandled ? endpoint.visitors : endpoint.visitors.slice(0, 1);
      const unjudged: string[] = [];
      for (const visitor of visitors) {
        const own = await OwnAnswer.of(endpoint, visitor);
        for (const request of choosingBodies()) {
          const answer = await tryToChoose(endpoint, own, request);
          const { status } = answer;
          if (status === 403 || status === 419)
            unjudged.push(
              `A POST by ${visitor} returns ${status}: protection against CSRF may hide a signing oracle.`,
            );
          else if (status < 400 && hashesIn(answer).length === 0)
            unjudged.push(
              `A POST by ${visitor} returns ${status}, without a hash that this check recognises.`,
            );
        }
      }
      if (unjudged[0]) throw new NotJudged(`${unjudged[0]} Respond to POST with 405.`);
      if (isHandled && endpoint.visitors.length === 1)
        throw new NotJudged(`POST returns ${status}. To check signed-in users too, pass a session.`);
    },
  },
];

/** The response to a visitor whose request names no user. */
class OwnAnswer {
  readonly visitor: Visitor;
  readonly answer: Answer;
  /** The identifier and the email address in the response. */
  readonly names: readonly string[];
  readonly #hashes: readonly string[];
  readonly #isStable: boolean;

  constructor(visitor: Visitor, answer: Answer, again: Answer) {
    this.visitor = visitor;
    this.answer = answer;
    const { identifier, email } = jsonOf(answer) ?? {};
    this.names = [identifier, email]
      .filter((name) => typeof name === 'string' || typeof name === 'number')
      .map(String);
    this.#hashes = hashesIn(answer);
    // Another field can look like a hash and change with each response, such as a CSRF token.
    this.#isStable = String(this.#hashes) === String(hashesIn(again));
  }

  static async of(endpoint: AuditedEndpoint, visitor: Visitor): Promise<OwnAnswer> {
    return new OwnAnswer(visitor, await endpoint.askAs(visitor), await endpoint.askAs(visitor));
  }

  /** Returns true if another response contains a hash that this response does not contain. */
  hasOther(answer: Answer): boolean {
    return this.#isStable && hashesIn(answer).some((hash) => !this.#hashes.includes(hash));
  }

  /**
   * Returns the reason why other responses cannot be compared with this one. Returns undefined if the responses
   * can be compared.
   */
  get unclear(): string | undefined {
    const { status } = this.answer;
    if (!this.#isStable)
      return `The responses to ${this.visitor} differ although the requests are identical.`;
    if (status === 400 || status === 404 || status === 422)
      return `The response to ${this.visitor} has status ${status}: the endpoint may take the user from a parameter that this check does not know.`;
    if (this.visitor === 'a signed-in user' && status !== 200)
      return `The signed-in user gets ${status}. To check signed-in users, pass a valid session.`;
    return undefined;
  }
}

/** Fails the audit if the response to the request contains an identity other than the visitor's own. */
async function tryToChoose(
  endpoint: AuditedEndpoint,
  own: OwnAnswer,
  request: HostileRequest,
): Promise<Answer> {
  const answer = await demandOwn(endpoint, own, request);
  if (REFUSED_WHOLE.includes(answer.status) && !request.url)
    for (const single of oneByOne(request)) await demandOwn(endpoint, own, single);
  return answer;
}

/** The statuses with which apps refuse unknown parameters or large requests. */
const REFUSED_WHOLE: readonly number[] = [400, 413, 414, 422, 431];

async function demandOwn(
  endpoint: AuditedEndpoint,
  own: OwnAnswer,
  request: HostileRequest,
): Promise<Answer> {
  const { part, ...question } = request;
  const answer = await endpoint.askAs(own.visitor, question);
  const told = `The ${part} of ${own.visitor}`;
  demand(!signsVictim(endpoint, answer), `${told} decided which user the endpoint signs.`);
  demand(!own.hasOther(answer), `${told} selected another identity: the response contains another hash.`);
  const { identifier } = jsonOf(answer) ?? {};
  const echoed = identifier !== undefined && !own.names.includes(String(identifier));
  demand(
    answer.status !== 200 || !echoed,
    `${told} selected another identity: the response contains another identifier.`,
  );
  const isGet = question.method === undefined && question.url === undefined;
  const opened = isGet && answer.status === 200 && own.answer.status !== 200;
  demand(!opened, `${told} changed the status from ${own.answer.status} to 200.`);
  return answer;
}

/** Returns true if the response contains the hash of a victim, in any format. */
function signsVictim({ hmacToken }: AuditedEndpoint, { text }: Answer): boolean {
  if (!hmacToken) return false;
  const named = VICTIMS.flatMap((victim) => [victim, emailOf(victim)]);
  return named.some((victim) => text.toLowerCase().includes(identifierHash(hmacToken, victim)));
}
