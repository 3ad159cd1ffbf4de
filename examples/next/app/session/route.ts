import { cookies } from 'next/headers';
import { openSession, SESSION, sessionCookie, userOf } from '@/lib/session';

/** Returns the signed-in user, for pages that sign in and out without reloading. */
export async function GET(): Promise<Response> {
  return Response.json(await userOf((await cookies()).get(SESSION)?.value));
}

export async function POST(request: Request): Promise<Response> {
  const { user } = (await request.json()) as { user: string };
  (await cookies()).set(SESSION, await openSession(user), sessionCookie);
  return GET();
}

export async function DELETE(): Promise<Response> {
  (await cookies()).delete(SESSION);
  return Response.json(null);
}
