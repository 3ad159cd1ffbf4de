import { chatwootLogout } from '@chatwoot-identity/fetch';
import { signOut } from '../../sessions.js';

export function POST({ cookies, request }) {
  signOut(cookies.get('session'));
  cookies.delete('session', { path: '/' });
  const headers = new Headers({ Location: '/' });
  chatwootLogout(request, headers);
  return new Response(null, { status: 303, headers });
}
