/**
 * The user whose chat session something is: none, a known one, or one that cannot be named because they have signed
 * out, or because this package never saw them. A stranger's session is ended, whoever is signed in.
 */
export type Owner = { who: 'anonymous' } | { who: 'stranger' } | { who: 'user'; identifier: string };

export const ANONYMOUS = { who: 'anonymous' } as const;
export const STRANGER = { who: 'stranger' } as const;

export function isSame(one: { who: string; identifier?: string }, other: typeof one): boolean {
  return one.who === other.who && one.identifier === other.identifier;
}
