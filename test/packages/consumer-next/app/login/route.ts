import { signIn } from '../../lib/session';

export async function POST(): Promise<Response> {
  const headers = { 'Set-Cookie': `session=${await signIn()}; HttpOnly; Path=/` };
  return new Response(null, { status: 204, headers });
}
