import { type Audit, type AuditDefinition, bind } from './audit.js';
import { AuditedEndpoint, type EndpointAuditOptions } from './audited-endpoint.js';
import { cachingAudits } from './caching-audits.js';
import { crossOriginAudits } from './cross-origin-audits.js';
import { errorAudits } from './error-audits.js';
import { identityAudits } from './identity-audits.js';
import { methodAudits } from './method-audits.js';
import { signingOracleAudits } from './signing-oracle-audits.js';

const definitions: readonly AuditDefinition<AuditedEndpoint>[] = [
  ...identityAudits,
  ...signingOracleAudits,
  ...crossOriginAudits,
  ...cachingAudits,
  ...methodAudits,
  ...errorAudits,
];

/**
 * Returns the requirements for an endpoint that serves Chatwoot identities, as checks of a running app in any
 * language. The audits are independent of each other. Together, the audits send about two hundred requests. As
 * an anonymous visitor, the audits send GET, HEAD, OPTIONS, POST, PUT, PATCH and DELETE. As the signed-in user,
 * the audits send GET, HEAD and OPTIONS. The audits send POST as the signed-in user only if the endpoint
 * responds to an anonymous POST with a status other than 404, 405 or 501.
 *
 * @param options the endpoint, and the session and the token that the audits may use
 * @returns the audits that can run with these options
 * @throws {TypeError} if `url` is not an http(s) address, or `hmacToken` cannot be an HMAC token
 * @example
 * for (const audit of endpointAudits({ url, session: { cookie }, hmacToken })) test(audit.name, audit.run);
 */
export function endpointAudits(options: EndpointAuditOptions): Audit[] {
  return bind(definitions, new AuditedEndpoint(options), options);
}
