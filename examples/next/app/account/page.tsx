import { cookies } from 'next/headers';
import { ChatStatus } from '@/components/chat-status';
import { ShopFooter } from '@/components/shop-footer';
import { ShopHeader } from '@/components/shop-header';
import { Chatwoot } from '@/lib/chatwoot';
import { SESSION, userOf } from '@/lib/session';
import { users } from '../../../shop/users.js';
import { signIn, signOut } from './actions';

/**
 * Renders a dynamic page with a Content-Security-Policy that requires a nonce. The page contains the
 * identity.
 */
export default async function Page() {
  const user = await userOf((await cookies()).get(SESSION)?.value);
  return (
    <>
      <ShopHeader>
        {user ? (
          <form action={signOut}>
            <span>{user.name}</span> <button type="submit">Sign out</button>
          </form>
        ) : (
          <span>Not signed in</span>
        )}
      </ShopHeader>
      <main>
        <h1>{user ? `Hello, ${user.name}` : 'Sign in'}</h1>
        <p>
          This page is rendered for you alone. The login is a server action, and the identity comes with the
          page.
        </p>
        <form action={signIn} className="choice">
          {users.map(({ identifier, name, email }) => (
            <button key={identifier} type="submit" name="user" value={identifier}>
              <strong>{name}</strong>
              {email}
            </button>
          ))}
        </form>
        <ChatStatus />
        <ShopFooter baseUrl={process.env.CHATWOOT_BASE_URL} />
      </main>
      <Chatwoot settings={{ darkMode: 'auto' }} />
    </>
  );
}
