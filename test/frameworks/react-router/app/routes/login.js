import { redirect } from 'react-router';
import { commitSession, getSession } from '../session.js';
export async function loader({ request }) {
  const session = await getSession();
  session.set('user', new URL(request.url).searchParams.get('user'));
  return redirect('/', { headers: { 'Set-Cookie': await commitSession(session) } });
}
