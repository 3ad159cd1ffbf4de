'use client';

import { ChatwootWidget } from '@chatwoot-identity/next/client';
import { useEffect, useState } from 'react';
import { users } from '../../shop/users.js';
import { ChatStatus } from './chat-status';
import { ShopFooter } from './shop-footer';
import { ShopHeader } from './shop-header';

/** Signs in and out with `fetch`. A new `userKey` makes the chat request the identity again. */
export function Shop({ baseUrl, websiteToken }: { baseUrl: string; websiteToken: string }) {
  const [user, setUser] = useState<(typeof users)[number] | null>();

  async function session(init?: RequestInit) {
    const response = await fetch('/session', { cache: 'no-store', ...init });
    setUser(await response.json());
  }
  useEffect(() => void session(), []);

  return (
    <>
      <ShopHeader>
        {user ? (
          <form action={() => session({ method: 'DELETE' })}>
            <span>{user.name}</span> <button type="submit">Sign out</button>
          </form>
        ) : (
          <span>Not signed in</span>
        )}
      </ShopHeader>
      <main>
        <h1>{user ? `Hello, ${user.name}` : 'Sign in'}</h1>
        <p>This page is static. It signs in and requests the identity with fetch.</p>
        <div className="choice">
          {users.map(({ identifier, name, email }) => (
            <button
              key={identifier}
              type="button"
              onClick={() => session({ method: 'POST', body: JSON.stringify({ user: identifier }) })}
            >
              <strong>{name}</strong>
              {email}
            </button>
          ))}
        </div>
        <ChatStatus />
        <ShopFooter baseUrl={baseUrl} />
      </main>
      {user !== undefined && (
        <ChatwootWidget
          baseUrl={baseUrl}
          websiteToken={websiteToken}
          userKey={user?.identifier}
          settings={{ darkMode: 'auto' }}
        />
      )}
    </>
  );
}
