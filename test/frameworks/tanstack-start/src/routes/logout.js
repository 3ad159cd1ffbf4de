import { chatwootLogout } from '@chatwoot-identity/fetch';
import { createFileRoute } from '@tanstack/react-router';
import { deleteCookie, getCookie } from '@tanstack/react-start/server';
import { signOut } from '../sessions.js';

function POST({ request }) {
  signOut(getCookie('session'));
  deleteCookie('session', { path: '/' });
  const headers = new Headers({ Location: '/' });
  chatwootLogout(request, headers);
  return new Response(null, { status: 303, headers });
}

export const Route = createFileRoute('/logout')({ server: { handlers: { POST } } });
