'use server';

import { cookies } from 'next/headers';
import { openSession, SESSION, sessionCookie } from '@/lib/session';

export async function signIn(form: FormData): Promise<void> {
  (await cookies()).set(SESSION, await openSession(String(form.get('user'))), sessionCookie);
}

export async function signOut(): Promise<void> {
  (await cookies()).delete(SESSION);
}
