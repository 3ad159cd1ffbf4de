import { createFileRoute } from '@tanstack/react-router';
import { setCookie } from '@tanstack/react-start/server';
import { signIn } from '../sessions.js';

function GET({ request }) {
  const session = signIn(new URL(request.url).searchParams.get('user'));
  setCookie('session', session, { path: '/', httpOnly: true, sameSite: 'lax' });
  return new Response(null, { status: 303, headers: { Location: '/' } });
}

export const Route = createFileRoute('/login')({ server: { handlers: { GET } } });
