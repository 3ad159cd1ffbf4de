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
  'app/session.js': `
    'use client';
    import Link from 'next/link';
    import { useRouter } from 'next/navigation';
    import { useChatwoot } from '@chatwoot-identity/next/client';
    export function Session() {
      const router = useRouter();
      const { disconnect } = useChatwoot();
      const signOut = () => fetch('/shop/logout', { method: 'POST' });
      return (
        <>
          <button onClick={() => signOut().then(() => router.refresh())}>fetch and router.refresh()</button>
          <button onClick={() => signOut().then(disconnect)}>fetch and disconnect()</button>
          <Link href="/logout" prefetch={false}>link to the logout route</Link>
        </>
      );
    }`,
  'app/plain/page.js': `
    import { cookies } from 'next/headers';
    import Link from 'next/link';
    import { Session } from '../session';
    async function signOut() {
      'use server';
      (await cookies()).delete('who');
    }
    async function signIn() {
      'use server';
      (await cookies()).set('who', 'bob');
    }
    export default () => (
      <>
        <h1>plain</h1>
        <Link href="/here">go here</Link>
        <Session />
        <form action={signOut}><button>sign out by action</button></form>
        <form action={signIn}><button>sign in as bob by action</button></form>
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
