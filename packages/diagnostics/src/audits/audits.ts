import { verifyIdentifierHash } from '@chatwoot-identity/core';
import { explainMismatch } from '../explain/explain.js';
import { AuditedEndpoint, type EndpointAuditOptions, jsonOf } from './audited-endpoint.js';
import { ATTACKER, choosing, malformed } from './hostile-requests.js';
import type { Answer } from './probe.js';

/** One check of an identity endpoint, bound to no test runner. */
export interface EndpointAudit {
  /** Stable, for example `'no-store'`. */
  readonly id: string;
  /** MUST: without it identities leak, or the chat does not know its users. SHOULD: the second line of defence. */
  readonly level: 'MUST' | 'SHOULD';
  /** A sentence that begins with the level. */
  readonly name: string;
  /** The options that it cannot do without. */
  readonly needs: readonly ('session' | 'hmacToken')[];
  /** Resolves when the endpoint passes; rejects with an `Error` whose message is the reason. */
  readonly run: () => Promise<void>;
}

/**
 * What an endpoint that serves Chatwoot identities must do, as a list of checks of a running one. Any HTTP server in
 * any language can be checked. Each audit stands alone and
 * asks only with GET, HEAD and OPTIONS as the signed-in user; together they make some eighty requests.
 *
 * @param options the endpoint, and the session and the token that the audits may use
 * @returns the audits that can be run with what is given
 * @throws {TypeError} when `url` is not an http(s) address
 * @example
 * for (const audit of endpointAudits({ url, session: { cookie }, hmacToken })) test(audit.name, audit.run);
 */
export function endpointAudits(options: EndpointAuditOptions): EndpointAudit[] {
  const endpoint = new AuditedEndpoint(options);
  return audits
    .filter(({ needs }) => needs.every((need) => options[need] !== undefined))
    .map((audit) => ({ ...audit, name: `${audit.level} ${audit.name}`, run: () => audit.run(endpoint) }));
}

interface Audit extends Omit<EndpointAudit, 'run'> {
  readonly run: (endpoint: AuditedEndpoint) => Promise<void>;
}

const audits: readonly Audit[] = [
  {
    id: 'nobody',
    level: 'MUST',
    name: 'answer 401 when nobody is signed in',
    needs: [],
    async run(endpoint) {
      const { status, headers, text } = await endpoint.ask();
      const { identifier } = jsonOf({ status, headers, text }) ?? {};
      const blank = typeof identifier === 'string' && identifier.trim() === '';
      const skeletonKey = ' of an empty identifier, which opens any conversation: rotate the token';
      demand(!holdsHash(text), `The answer is ${status} and holds a hash${blank ? skeletonKey : ''}.`);
      const redirects = status >= 300 && status < 400;
      demand(
        !redirects,
        `The answer is ${status}: a script would follow it to a page. Only pages may redirect.`,
      );
      demand(status === 401, `The answer is ${status}.`);
    },
  },
  {
    id: 'identity',
    level: 'MUST',
    name: 'give a signed-in user the identifier, a string, and its hash',
    needs: ['session'],
    async run(endpoint) {
      const { identifier, identifier_hash } = await endpoint.identity();
      // Each number opens a new contact (chatwoot/chatwoot#12256); a blank string proves everybody.
      demand(
        typeof identifier === 'string' && identifier.trim() !== '',
        'identifier is not a string with a text.',
      );
      const isHash = typeof identifier_hash === 'string' && /^[0-9a-f]{64}$/.test(identifier_hash);
      demand(isHash, 'identifier_hash is not a string of 64 lower-case hex digits.');
    },
  },
  {
    id: 'hash',
    level: 'MUST',
    name: 'sign the identifier with the HMAC token of the inbox',
    needs: ['session', 'hmacToken'],
    async run(endpoint) {
      const { hmacToken } = endpoint;
      const { identifier, identifier_hash, email } = await endpoint.identity();
      const pair = { identifier: String(identifier), identifierHash: String(identifier_hash) };
      if (verifyIdentifierHash(hmacToken, pair.identifier, pair.identifierHash)) return;
      const { causes } = explainMismatch({ hmacToken, ...pair, ...(typeof email === 'string' && { email }) });
      const advice =
        causes.length > 0 ? causes.map(({ message, fix }) => `${message} ${fix}`) : [ANOTHER_TOKEN];
      throw new Error(['Chatwoot would refuse this hash.', ...advice].join(' '));
    },
  },
  {
    id: 'profile',
    level: 'MUST',
    name: 'give a signed-in user a name, an e-mail address or a picture, which setUser insists on',
    needs: ['session'],
    async run(endpoint) {
      const { name, email, avatar_url } = await endpoint.identity();
      demand(Boolean(name || email || avatar_url), 'name, email and avatar_url are all missing or empty.');
    },
  },
  {
    id: 'fields',
    level: 'SHOULD',
    name: 'give the fields that setUser reads, and no others',
    needs: ['session'],
    async run(endpoint) {
      const others = Object.keys(await endpoint.identity()).filter(
        (field) => !SET_USER_FIELDS.includes(field),
      );
      demand(others.length === 0, `There are other fields: ${JSON.stringify(others.slice(0, 5))}.`);
    },
  },
  {
    id: 'own-user',
    level: 'MUST',
    name: 'take the identifier from the session, whatever the request says',
    needs: [],
    async run(endpoint) {
      const own = await endpoint.askAsEverybody();
      for (const { part, ...question } of choosing) {
        for (const [index, { whom, answer }] of (await endpoint.askAsEverybody(question)).entries()) {
          if (answer.status !== 200) continue;
          const same = jsonOf(answer)?.identifier === jsonOf(own[index]!.answer)?.identifier;
          demand(own[index]!.answer.status === 200 && same, `The ${part} of ${whom} chose another identity.`);
        }
      }
    },
  },
  {
    id: 'cross-site',
    level: 'MUST',
    name: 'answer 403 when the page of another site asks',
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
    needs: [],
    async run(endpoint) {
      for (const origin of [ATTACKER, 'null', ...endpoint.lookalikes]) {
        for (const method of ['GET', 'OPTIONS']) {
          const preflight = method === 'OPTIONS' && { 'access-control-request-method': 'GET' };
          for (const { answer } of await endpoint.askAsEverybody({
            method,
            headers: { origin, ...preflight },
          })) {
            const allowed = answer.headers.get('access-control-allow-origin');
            const open = allowed === '*' || allowed === origin;
            demand(
              !open,
              `${method} from a foreign origin is answered Access-Control-Allow-Origin: ${allowed}.`,
            );
          }
        }
      }
    },
  },
  {
    id: 'no-store',
    level: 'MUST',
    name: 'forbid every cache to keep an answer (Cache-Control: no-store)',
    needs: [],
    async run(endpoint) {
      for (const { whom, answer } of await endpoint.askAsEverybody()) {
        const { headers } = answer;
        demand(NO_STORE.test(headers.get('cache-control') ?? ''), `The answer to ${whom} lacks no-store.`);
        const [other] = Array.from(headers).find(allowsSharedCache) ?? [];
        demand(
          other === undefined,
          `The answer to ${whom} has ${other}, which caches heed before Cache-Control.`,
        );
        demand(!headers.has('age'), `The answer to ${whom} comes out of a cache: it has an Age.`);
      }
    },
  },
  {
    id: 'validators',
    level: 'MUST',
    name: 'have no ETag and no Last-Modified, and never answer 304',
    needs: [],
    async run(endpoint) {
      for (const { whom, answer } of await endpoint.askAsEverybody()) {
        const validator = ['ETag', 'Last-Modified'].find((name) => answer.headers.has(name));
        demand(validator === undefined, `The answer to ${whom} has ${validator}.`);
      }
      for (const { answer } of await endpoint.askAsEverybody({ headers: { 'if-none-match': '*' } }))
        demand(answer.status !== 304, 'If-None-Match: * is answered 304.');
    },
  },
  {
    id: 'head',
    level: 'MUST',
    name: 'answer HEAD as it answers GET',
    needs: [],
    async run(endpoint) {
      const heads = await endpoint.askAsEverybody({ method: 'HEAD' });
      for (const [index, { whom, answer }] of (await endpoint.askAsEverybody()).entries()) {
        const head = heads[index]!.answer;
        const told = `GET of ${whom} is answered ${answer.status}, and HEAD`;
        demand(head.status === answer.status, `${told} ${head.status}.`);
        const type = 'content-type';
        demand(head.headers.get(type) === answer.headers.get(type), `${told} with another Content-Type.`);
      }
    },
  },
  {
    id: 'methods',
    level: 'MUST',
    name: 'answer other methods 405',
    needs: [],
    async run(endpoint) {
      for (const { method, answer } of await askOtherMethods(endpoint))
        demand(answer.status === 405, `${method} is answered ${answer.status}.`);
    },
  },
  {
    id: 'allow',
    level: 'SHOULD',
    name: 'say in a 405 which methods there are (Allow)',
    needs: [],
    async run(endpoint) {
      for (const { method, answer } of await askOtherMethods(endpoint)) {
        const allowed = answer.headers.get('allow') ?? '';
        const lacking = answer.status === 405 && !/\bGET\b/.test(allowed);
        demand(!lacking, `The 405 to ${method} lacks Allow: GET, HEAD.`);
      }
    },
  },
  {
    id: 'errors',
    level: 'MUST',
    name: 'answer malformed cookies, tokens and queries without a server error or a stack trace',
    needs: [],
    async run(endpoint) {
      for (const { part, ...question } of [{ part: undefined }, ...malformed]) {
        for (const { whom, answer } of await endpoint.askAsEverybody(question)) {
          const told = `The answer to ${whom} with ${part ? `a malformed ${part}` : 'a plain GET'}`;
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
    needs: ['hmacToken'],
    async run(endpoint) {
      for (const { part, ...question } of [{ part: undefined }, ...malformed]) {
        for (const { answer } of await endpoint.askAsEverybody(question)) {
          const said = [answer.text, ...answer.headers.values()];
          const shown = said.some((text) => text.includes(endpoint.hmacToken));
          demand(
            !shown,
            `The answer to ${part ? `a malformed ${part}` : 'a plain GET'} holds it. Rotate the token.`,
          );
        }
      }
    },
  },
  {
    id: 'vary',
    level: 'SHOULD',
    name: 'say that the answer depends on the session (Vary: Cookie, or Authorization)',
    needs: [],
    async run(endpoint) {
      for (const { whom, answer } of await endpoint.askAsEverybody()) {
        const vary = answer.headers.get('vary') ?? '';
        demand(/\*|\b(cookie|authorization)\b/i.test(vary), `The answer to ${whom} lacks Vary: Cookie.`);
      }
    },
  },
  {
    id: 'nosniff',
    level: 'SHOULD',
    name: 'forbid browsers to guess the type (X-Content-Type-Options: nosniff)',
    needs: [],
    async run(endpoint) {
      for (const { whom, answer } of await endpoint.askAsEverybody()) {
        const nosniff = answer.headers.get('x-content-type-options')?.toLowerCase() === 'nosniff';
        demand(nosniff, `The answer to ${whom} lacks nosniff.`);
      }
    },
  },
  {
    id: 'problem',
    level: 'SHOULD',
    name: 'explain refusals as application/problem+json (RFC 9457)',
    needs: [],
    async run(endpoint) {
      for (const method of ['GET', 'POST']) {
        const answer = await endpoint.ask({ method });
        const isProblem = answer.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
        demand(isProblem, `The ${answer.status} to ${method} is of another type.`);
        const { status = answer.status } = jsonOf(answer) ?? {};
        demand(status === answer.status, `The ${answer.status} to ${method} holds another status.`);
      }
    },
  },
];

/** Everything that the widget passes on (checked against Chatwoot's SDK and widget). */
const SET_USER_FIELDS = [
  ...['identifier', 'identifier_hash', 'name', 'email', 'avatar_url', 'phone_number', 'company_name'],
  ...['city', 'country_code', 'description', 'social_profiles', 'custom_attributes'],
];

const NO_STORE = /(^|[\s,])no-store($|[\s,])/i;

/** What CDNs (RFC 9213) and nginx go by, whatever Cache-Control says. */
function allowsSharedCache([name, value]: [string, string]): boolean {
  if (name === 'x-accel-expires') return value !== '0';
  const isTargeted = /^(.+-)?cdn-cache-control$|^surrogate-control$/.test(name);
  return isTargeted && !NO_STORE.test(value) && /\bpublic\b|max-?age=[1-9]/i.test(value);
}

/** A frame of JavaScript, Ruby, PHP or Java, or the head of one of Python. */
const STACK = /\bat .{1,300}:\d+:\d+|\.(rb|php|java):\d+|\.php\(\d+\)|Traceback \(most recent call last\)/;

const ANOTHER_TOKEN =
  "No known mistake makes it: the app's HMAC token is most likely not the one given here. Compare both with " +
  "Inboxes > Settings > Configuration > Identity Validation; `npx chatwoot-identity doctor` says whether yours is the inbox's.";

/** Never as the signed-in user: whatever else stands at this address must not be deleted. */
async function askOtherMethods(endpoint: AuditedEndpoint): Promise<{ method: string; answer: Answer }[]> {
  const answers = [];
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    answers.push({ method, answer: await endpoint.ask({ method }) });
  return answers;
}

function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Error(reason);
}

function holdsHash(text: string): boolean {
  return /"identifier_?hash"\s*:\s*"[^"]/i.test(text);
}
