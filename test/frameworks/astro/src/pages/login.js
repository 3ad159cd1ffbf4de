export async function GET({ session, url, redirect }) {
  session.set('user', url.searchParams.get('user'));
  return redirect('/');
}
