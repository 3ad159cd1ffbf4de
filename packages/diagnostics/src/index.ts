export type { EndpointAuditOptions } from './audits/audited-endpoint.js';
export { type EndpointAudit, endpointAudits } from './audits/audits.js';
export { type Answer, ProbeError, type ProbeOptions, probe } from './audits/probe.js';
export { type Cause, type ExplainOptions, type Explanation, explainMismatch } from './explain/explain.js';
export type { MistakeCode } from './explain/mistakes.js';
