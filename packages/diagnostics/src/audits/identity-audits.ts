import { verifyIdentifierHash } from '@chatwoot-identity/core';
import { explainMismatch } from '../explain/explain.js';
import { type AuditDefinition, demand } from './audit.js';
import { type AuditedEndpoint, jsonOf } from './audited-endpoint.js';
import { hashesIn } from './hashes.js';

/** Audits of the content of the responses: only a signed-in user receives an identity. */
export const identityAudits: readonly AuditDefinition<AuditedEndpoint>[] = [
  {
    id: 'anonymous',
    level: 'MUST',
    name: 'respond to anonymous visitors with 401, without an identity',
    fix: 'Look up the user in the session first, and respond with 401 if there is no user.',
    needs: [],
    async run(endpoint) {
      const answer = await endpoint.ask();
      const { status } = answer;
      const { identifier } = jsonOf(answer) ?? {};
      const blank = typeof identifier === 'string' && identifier.trim() === '';
      const skeletonKey = ' of an empty identifier, which opens any conversation: rotate the HMAC token';
      demand(
        hashesIn(answer).length === 0,
        `The response has status ${status} and contains a hash${blank ? skeletonKey : ''}.`,
      );
      const redirects = status >= 300 && status < 400;
      demand(
        !redirects,
        `The response has status ${status}, and a script would follow this redirect to a page.`,
      );
      demand(status === 401, `The response has status ${status}.`);
    },
  },
  {
    id: 'identity',
    level: 'MUST',
    name: 'return the identifier, as a string, and its hash to a signed-in user',
    fix: '',
    needs: ['session'],
    async run(endpoint) {
      const { identifier, identifier_hash } = await endpoint.identity();
      // Chatwoot creates new contacts for identifiers that are numbers (chatwoot/chatwoot#12256). The hash of
      // a blank identifier opens any contact.
      demand(
        typeof identifier === 'string' && identifier.trim() !== '',
        'identifier is not a string, or it is blank. Convert the id to a string once, before it is signed.',
      );
      const isHash = typeof identifier_hash === 'string' && /^[0-9a-f]{64}$/.test(identifier_hash);
      demand(
        isHash,
        'identifier_hash is not a string of 64 lower-case hex digits. Encode the digest as lower-case hex.',
      );
    },
  },
  {
    id: 'hash',
    level: 'MUST',
    name: 'sign the identifier with the HMAC token of the inbox',
    fix: '',
    needs: ['session', 'hmacToken'],
    async run(endpoint) {
      const { hmacToken } = endpoint;
      const { identifier, identifier_hash, email } = await endpoint.identity();
      const pair = { identifier: String(identifier), identifierHash: String(identifier_hash) };
      if (verifyIdentifierHash(hmacToken, pair.identifier, pair.identifierHash)) return;
      const { causes } = explainMismatch({ hmacToken, ...pair, ...(typeof email === 'string' && { email }) });
      const advice =
        causes.length > 0 ? causes.map(({ message, fix }) => `${message} ${fix}`) : [ANOTHER_TOKEN];
      demand(false, ['Chatwoot would refuse this hash.', ...advice].join(' '));
    },
  },
  {
    id: 'profile',
    level: 'MUST',
    name: 'return a name, an email address or a picture to a signed-in user, because setUser requires one',
    fix: 'Add a name. The identifier may serve as the name.',
    needs: ['session'],
    async run(endpoint) {
      const { name, email, avatar_url } = await endpoint.identity();
      demand(Boolean(name || email || avatar_url), 'name, email and avatar_url are all missing or empty.');
    },
  },
  {
    id: 'fields',
    level: 'SHOULD',
    name: 'return only the fields that setUser reads',
    fix: 'List the fields of the response one by one instead of sending the whole user.',
    needs: ['session'],
    async run(endpoint) {
      const others = Object.keys(await endpoint.identity()).filter(
        (field) => !SET_USER_FIELDS.includes(field),
      );
      demand(
        others.length === 0,
        `The response contains other fields: ${JSON.stringify(others.slice(0, 5))}.`,
      );
    },
  },
];

/** The fields that the widget sends to Chatwoot (checked against Chatwoot's SDK and widget). */
const SET_USER_FIELDS: readonly string[] = [
  ...['identifier', 'identifier_hash', 'name', 'email', 'avatar_url', 'phone_number', 'company_name'],
  ...['city', 'country_code', 'description', 'social_profiles', 'custom_attributes'],
];

const ANOTHER_TOKEN =
  "No known mistake explains this hash. Most likely, the app's HMAC token differs from the token given here. Compare both with " +
  'Inboxes, your website inbox, Settings, Configuration; `npx chatwoot-identity doctor` checks a token against the inbox.';
