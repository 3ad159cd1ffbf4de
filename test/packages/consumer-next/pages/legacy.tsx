import { ChatwootWidget, useChatwoot } from '@chatwoot-identity/next/client';
import type { GetServerSideProps, InferGetServerSidePropsType } from 'next';
import { identity } from '../lib/chatwoot-pages';
import { inbox } from '../lib/inbox';

export const getServerSideProps = (async (context) => ({
  props: {
    identity: await identity(context),
    baseUrl: inbox.baseUrl,
    websiteToken: inbox.websiteToken,
  },
})) satisfies GetServerSideProps;

export default function Legacy(props: InferGetServerSidePropsType<typeof getServerSideProps>) {
  const { status } = useChatwoot();
  return (
    <main>
      <h1>{status}</h1>
      <ChatwootWidget {...props} />
    </main>
  );
}
