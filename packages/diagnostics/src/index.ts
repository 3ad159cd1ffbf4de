export { type Audit, NotJudged } from './audits/audit.js';
export type { EndpointAuditOptions } from './audits/audited-endpoint.js';
export type { PageAuditOptions } from './audits/audited-page.js';
export { endpointAudits } from './audits/endpoint-audits.js';
export { pageAudits } from './audits/page-audits.js';
export { type Answer, ProbeError, type ProbeOptions, probe } from './audits/probe.js';
export { type Cause, type ExplainOptions, type Explanation, explainMismatch } from './explain/explain.js';
export type { MistakeCode } from './explain/mistakes.js';
