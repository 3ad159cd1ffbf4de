import { randomUUID } from 'node:crypto';
import type { Contact } from '@chatwoot-identity/core';

const sessions = new Map<string, Contact>();

/** Starts a session for Ada. Returns the value of the `Set-Cookie` header for that session. */
export function signIn(): string {
  const id = randomUUID();
  sessions.set(id, { identifier: 'user-1', name: 'Ada Lovelace', email: 'ada@example.com' });
  return `session=${id}; HttpOnly; Path=/`;
}

/** Returns the user of the session in a `Cookie` header. */
export function signedIn(cookie: string | undefined): Contact | null {
  return sessions.get(/session=([^;]+)/.exec(cookie ?? '')?.[1] ?? '') ?? null;
}

export function signOut(): void {
  sessions.clear();
}
