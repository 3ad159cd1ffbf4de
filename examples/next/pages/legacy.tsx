import { ChatwootWidget } from '@chatwoot-identity/next/client';
import type { GetServerSideProps, InferGetServerSidePropsType } from 'next';
import { ChatStatus } from '@/components/chat-status';
import { ShopFooter } from '@/components/shop-footer';
import { ShopHeader } from '@/components/shop-header';
import { identity, inbox } from '@/lib/chatwoot-pages';

/** Renders a page of the Pages Router. Only the public values of the inbox are sent to the browser. */
export const getServerSideProps = (async (context) => ({
  props: {
    identity: await identity(context),
    baseUrl: inbox.baseUrl,
    websiteToken: inbox.websiteToken,
  },
})) satisfies GetServerSideProps;

export default function Page({
  identity,
  baseUrl,
  websiteToken,
}: InferGetServerSidePropsType<typeof getServerSideProps>) {
  return (
    <>
      <ShopHeader>
        <span>{identity?.name ?? 'Not signed in'}</span>
      </ShopHeader>
      <main>
        <h1>{identity ? `Orders of ${identity.name}` : 'No orders'}</h1>
        <p>This page uses the Pages Router. Its props contain the identity.</p>
        <ChatStatus />
        <ShopFooter baseUrl={baseUrl} />
      </main>
      <ChatwootWidget
        identity={identity}
        identityUrl="/api/chatwoot/identity"
        baseUrl={baseUrl}
        websiteToken={websiteToken}
        settings={{ darkMode: 'auto' }}
      />
    </>
  );
}
