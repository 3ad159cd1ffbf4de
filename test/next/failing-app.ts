import type { Files } from './app.js';

/** Configurations that fail or redirect. Each is used in a page, in a route handler and in a call of `identity()`. */
export const failingApp: Files = {
  'lib/failing.js': `
    import { redirect } from 'next/navigation';
    import { chatwootIdentity } from '@chatwoot-identity/next';
    const inbox = { hmacToken: 'key', websiteToken: 'website', baseUrl: 'http://127.0.0.1:9' };
    const contact = { identifier: 'alice' };
    // An error of this function has a digest, like the errors that Next.js uses for redirects.
    async function plan() {
      'use cache';
      throw new Error('the plan service is down');
    }
    const configure = (name, options) => chatwootIdentity({
      inbox,
      contact: () => contact,
      onError: (error, { headers }) => console.log('onError of', name, 'for', headers.get('x-visit')),
      ...options,
    });
    export const failing = {
      contact: configure('contact', { contact: async () => (await plan(), contact) }),
      inbox: configure('inbox', { inbox: async () => (await plan(), inbox) }),
      redirect: configure('redirect', { contact: () => redirect('/static') }),
      onError: configure('onError', {
        contact: () => { throw new Error('the session store is down'); },
        onError: async () => { throw new Error('the reporter is down'); },
      }),
    };`,
  'app/failing/[name]/page.js': `
    import { Suspense } from 'react';
    import { failing } from '@/lib/failing';
    async function Chat({ params }) {
      const { Chatwoot } = failing[(await params).name];
      return <Chatwoot />;
    }
    export default ({ params }) => <main>The page<Suspense><Chat params={params} /></Suspense></main>;`,
  'app/failing/[name]/identity/route.js': `
    import { failing } from '@/lib/failing';
    export const GET = async (request, { params }) => failing[(await params).name].GET(request);`,
  'app/failing/[name]/call/route.js': `
    import { failing } from '@/lib/failing';
    export const GET = async (request, { params }) => {
      request.headers.get('cookie');
      return Response.json(await failing[(await params).name].identity());
    };`,
};

/** Dynamic pages with components that receive the whole inbox as props. */
export const spreadApp: Files = {
  'app/spread/[how]/page.js': `
    import { connection } from 'next/server';
    import { Suspense } from 'react';
    import { ChatwootWidget } from '@chatwoot-identity/next/client';
    import { Chatwoot, inbox } from '@/lib/chatwoot';
    const chats = {
      chatwoot: () => <Chatwoot {...inbox} />,
      'chatwoot-url': () => <Chatwoot identityUrl="/shop/chatwoot/identity" {...inbox} />,
      widget: () => <ChatwootWidget {...inbox} />,
      'widget-row': () => {
        const { hmacToken, ...row } = inbox;
        return <ChatwootWidget {...row} hmac_token={hmacToken} />;
      },
    };
    async function Chat({ params }) {
      await connection();
      return chats[(await params).how]();
    }
    export default ({ params }) => <main>The page<Suspense><Chat params={params} /></Suspense></main>;`,
};
