/**
 * The owner of a chat session: an anonymous visitor, a known user, or a stranger. A stranger is a user who has signed
 * out, or whom this package has never seen. A stranger's session is always ended.
 */
export type Owner = { who: 'anonymous' } | { who: 'stranger' } | { who: 'user'; identifier: string };

export const ANONYMOUS = { who: 'anonymous' } as const;
export const STRANGER = { who: 'stranger' } as const;

export function isSame(one: { who: string; identifier?: string }, other: typeof one): boolean {
  return one.who === other.who && one.identifier === other.identifier;
}
