import { chatwootLogout } from '@chatwoot-identity/fetch';

export async function POST({ request, session }) {
  session.destroy();
  const headers = new Headers({ Location: '/' });
  chatwootLogout(request, headers);
  return new Response(null, { status: 303, headers });
}
