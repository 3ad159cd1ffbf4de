import type { Files } from './app.js';

/** Pages with and without a chat, and all ways to sign out without a page load. The cookie `who` is the session. */
export const logoutApp: Files = {
  'app/logout/route.js': `
    import { cookies } from 'next/headers';
    import { redirect } from 'next/navigation';
    export async function POST() {
      (await cookies()).delete('who');
      return new Response('signed out');
    }
    export async function GET() {
      (await cookies()).delete('who');
      redirect('/shop/plain'); // in a route handler, Next.js does not add the base path
    }`,
  'app/login/route.js': `
    import { cookies } from 'next/headers';
    export async function POST() {
      (await cookies()).set('who', 'alice');
      return new Response('signed in');
    }`,
  'app/actions.js': `
    'use server';
    import { cookies } from 'next/headers';
    export async function signOut() {
      (await cookies()).delete('who');
    }
    export async function signInAs(user) {
      (await cookies()).set('who', user);
    }`,
  'app/session.js': `
    'use client';
    import Link from 'next/link';
    import { useRouter } from 'next/navigation';
    import { useChatwoot } from '@chatwoot-identity/next/client';
    import { signInAs, signOut as signOutByAction } from './actions';
    export function Session() {
      const router = useRouter();
      const { disconnect, refresh } = useChatwoot();
      const signIn = () => fetch('/shop/login', { method: 'POST' });
      const signOut = () => fetch('/shop/logout', { method: 'POST' });
      return (
        <>
          <button onClick={() => signOut().then(() => router.refresh())}>fetch and router.refresh()</button>
          <button onClick={() => signOut().then(disconnect)}>fetch and disconnect()</button>
          <button onClick={signIn}>sign in as alice by fetch</button>
          <button onClick={() => signIn().then(refresh)}>sign in as alice by fetch and refresh()</button>
          <Link href="/logout" prefetch={false}>link to the logout route</Link>
          <form action={signOutByAction}><button>sign out by action</button></form>
          <form action={signInAs.bind(null, 'alice')}><button>sign in as alice by action</button></form>
          <form action={signInAs.bind(null, 'bob')}><button>sign in as bob by action</button></form>
        </>
      );
    }`,
  'app/plain/page.js': `
    import Link from 'next/link';
    import { Session } from '../session';
    export default () => (
      <>
        <h1>plain</h1>
        <Link href="/here">go here</Link> <Link href="/there" prefetch={true}>go there</Link>
        <Session />
      </>
    );`,
  ...Object.fromEntries(
    ['here', 'there'].map((name) => [
      `app/${name}/page.js`,
      `
    import Link from 'next/link';
    import { Chatwoot } from '@/lib/chatwoot';
    import { Session } from '../session';
    export default () => (
      <>
        <h1>${name}</h1>
        <Link href="/here" prefetch={true}>go here</Link> <Link href="/there" prefetch={true}>go there</Link>
        <Link href="/plain">go plain</Link>
        <Session />
        <Chatwoot identityUrl="/shop/chatwoot/identity" />
      </>
    );`,
    ]),
  ),
};
