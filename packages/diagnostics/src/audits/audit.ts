/** One check of an endpoint or of a page. It works with any test runner. */
export interface Audit {
  /** Stable, for example `'no-store'`. */
  readonly id: string;
  /** MUST: a failure leaks identities or breaks the chat. SHOULD: a second line of defence. */
  readonly level: 'MUST' | 'SHOULD';
  /** A sentence that begins with the level. */
  readonly name: string;
  /** The options that it requires. */
  readonly needs: readonly ('session' | 'hmacToken')[];
  /**
   * Resolves if the check passes. Rejects with an `Error` that gives the reason and the fix, or with a
   * {@link NotJudged} if the answers allow no verdict.
   */
  readonly run: () => Promise<void>;
}

/** An audit could not tell whether the check passes. The message is the reason. Such an audit has not passed. */
export class NotJudged extends Error {
  /** Always `NotJudged`. */
  override readonly name = 'NotJudged';
}

/** The definition of an audit: what it checks, and how to fix every failure of it. */
export interface AuditDefinition<Subject> extends Omit<Audit, 'run'> {
  /** Added to the reason of every failure. Empty if the reasons contain their own. */
  readonly fix: string;
  /** True if the check must also pass for signed-in users: without a session, it is then undecided. */
  readonly everyone?: boolean;
  readonly run: (subject: Subject) => Promise<void>;
}

/** Binds the audits that can run with these options to the endpoint or the page. */
export function bind<Subject>(
  definitions: readonly AuditDefinition<Subject>[],
  subject: Subject,
  options: { readonly session?: unknown; readonly hmacToken?: unknown },
): Audit[] {
  return definitions
    .filter(({ needs }) => needs.every((need) => options[need] !== undefined))
    .map(({ id, level, name, needs, fix, everyone = false, run }) => ({
      id,
      level,
      name: `${level} ${name}`,
      needs,
      async run() {
        await run(subject).catch((error: unknown) => {
          throw error instanceof Failed && fix ? new Error(`${error.message} ${fix}`) : error;
        });
        if (everyone && options.session === undefined)
          throw new NotJudged('Anonymous visitors pass. To check signed-in users too, a session is needed.');
      },
    }));
}

class Failed extends Error {}

/** Fails the audit with this reason unless the condition holds. */
export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Failed(reason);
}
