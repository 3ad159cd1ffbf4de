import { chatwootLogout } from '@chatwoot-identity/fetch';
import { redirect } from 'react-router';
import { destroySession, getSession } from '../session.js';
export async function action({ request }) {
  const session = await getSession(request.headers.get('Cookie'));
  const headers = new Headers({ 'Set-Cookie': await destroySession(session) });
  chatwootLogout(request, headers);
  return redirect('/', { headers });
}
