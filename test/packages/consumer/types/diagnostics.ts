import {
  type Answer,
  type Cause,
  type EndpointAudit,
  type EndpointAuditOptions,
  type ExplainOptions,
  type Explanation,
  endpointAudits,
  explainMismatch,
  type MistakeCode,
  ProbeError,
  type ProbeOptions,
  probe,
} from '@chatwoot-identity/diagnostics';
import { expectTypeOf } from 'expect-type';

expectTypeOf(endpointAudits).toEqualTypeOf<(options: EndpointAuditOptions) => EndpointAudit[]>();
expectTypeOf(probe).toEqualTypeOf<(url: string | URL, options?: ProbeOptions) => Promise<Answer>>();
expectTypeOf<EndpointAuditOptions['url']>().toEqualTypeOf<string | URL>();
expectTypeOf<EndpointAudit['run']>().toEqualTypeOf<() => Promise<void>>();
expectTypeOf<EndpointAudit['level']>().toEqualTypeOf<'MUST' | 'SHOULD'>();
expectTypeOf<EndpointAudit['needs']>().toEqualTypeOf<readonly ('session' | 'hmacToken')[]>();
expectTypeOf<Answer>().toEqualTypeOf<{
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}>();
expectTypeOf(ProbeError).toBeConstructibleWith('no answer');
expectTypeOf<ProbeError>().toExtend<Error>();

expectTypeOf(explainMismatch).toEqualTypeOf<(options: ExplainOptions) => Explanation>();
expectTypeOf<Explanation['causes']>().toEqualTypeOf<readonly [] | readonly Cause[]>();
expectTypeOf<Cause['code']>().toEqualTypeOf<MistakeCode>();
expectTypeOf<'swapped' | 'truncated'>().toExtend<MistakeCode>();
