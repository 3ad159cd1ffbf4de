import { redirect } from '@sveltejs/kit';
import { signIn } from '../../sessions.js';

export function GET({ cookies, url }) {
  cookies.set('session', signIn(url.searchParams.get('user')), { path: '/', secure: false });
  redirect(303, '/');
}
