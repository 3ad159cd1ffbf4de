/** One check of an identity endpoint or of a page. Audits work with any test runner. */
export interface Audit {
  /** The stable id of the audit, for example `'no-store'`. */
  readonly id: string;
  /**
   * The level of the requirement. MUST: a failure leaks identities or breaks the chat. SHOULD: the
   * requirement is a second line of defence.
   */
  readonly level: 'MUST' | 'SHOULD';
  /** The requirement, as a sentence that begins with the level. */
  readonly name: string;
  /** The options without which the audit cannot run. */
  readonly needs: readonly ('session' | 'hmacToken')[];
  /**
   * Resolves if the check passes. Rejects with an `Error` that contains the reason and the fix. Rejects with a
   * {@link NotJudged} if the responses of the app are inconclusive.
   */
  readonly run: () => Promise<void>;
}

/**
 * The error of an audit whose result is inconclusive. The message of the error contains the reason. An
 * inconclusive audit has not passed.
 */
export class NotJudged extends Error {
  /** Always `NotJudged`. */
  override readonly name = 'NotJudged';
}

/** The definition of an audit: the check, and the fix for its failures. */
export interface AuditDefinition<Subject> extends Omit<Audit, 'run'> {
  /**
   * The sentence that is added to the reason of every failure. The sentence is empty if the reasons already
   * contain the fix.
   */
  readonly fix: string;
  /**
   * True if the check must also pass for signed-in users. Without a session, a check that passes for
   * anonymous visitors is inconclusive.
   */
  readonly everyone?: boolean;
  readonly run: (subject: Subject) => Promise<void>;
}

/** Returns the audits that can run with these options, bound to the endpoint or the page. */
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
          throw new NotJudged(
            'The check passes for anonymous visitors. To check signed-in users too, pass a session.',
          );
      },
    }));
}

class Failed extends Error {}

/** Fails the audit with `reason` if the condition is false. */
export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Failed(reason);
}
