import {
  type Answer,
  type Audit,
  type Cause,
  type EndpointAuditOptions,
  type ExplainOptions,
  type Explanation,
  endpointAudits,
  explainMismatch,
  type MistakeCode,
  type NotJudged,
  type PageAuditOptions,
  ProbeError,
  type ProbeOptions,
  pageAudits,
  probe,
} from '@chatwoot-identity/diagnostics';
import { expectTypeOf } from 'expect-type';

expectTypeOf(endpointAudits).toEqualTypeOf<(options: EndpointAuditOptions) => Audit[]>();
expectTypeOf(pageAudits).toEqualTypeOf<(options: PageAuditOptions) => Audit[]>();
expectTypeOf(probe).toEqualTypeOf<(url: string | URL, options?: ProbeOptions) => Promise<Answer>>();
expectTypeOf<EndpointAuditOptions['url']>().toEqualTypeOf<string | URL>();
expectTypeOf<Audit['run']>().toEqualTypeOf<() => Promise<void>>();
expectTypeOf<Audit['level']>().toEqualTypeOf<'MUST' | 'SHOULD'>();
expectTypeOf<Audit['needs']>().toEqualTypeOf<readonly ('session' | 'hmacToken')[]>();
expectTypeOf<Answer>().toEqualTypeOf<{
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}>();
expectTypeOf<NotJudged>().toExtend<Error>();
expectTypeOf(ProbeError).toBeConstructibleWith('no answer');
expectTypeOf<ProbeError>().toExtend<Error>();

expectTypeOf(explainMismatch).toEqualTypeOf<(options: ExplainOptions) => Explanation>();
expectTypeOf<Explanation['causes']>().toEqualTypeOf<readonly [] | readonly Cause[]>();
expectTypeOf<Cause['code']>().toEqualTypeOf<MistakeCode>();
expectTypeOf<'swapped' | 'truncated'>().toExtend<MistakeCode>();
