import { type AdapterOptions, compileInbox, isContact, toIdentity } from '@chatwoot-identity/core/adapter';
import { type ReactElement, Suspense } from 'react';
import { ChatwootWidget, type ChatwootWidgetProps } from './client.js';
import { type ChatwootRequest, requestHeaders } from './guard.js';

/** How the chat of a server component looks and behaves; who is in it and where it is, the server says. */
export interface ChatwootProps
  extends Pick<ChatwootWidgetProps, 'identityUrl' | 'nonce' | 'settings' | 'anonymous'> {}

/** Makes the server component that hands an identity to the client as props: inert data, no inline script. */
export function createChatwoot({
  inbox,
  contact,
}: Pick<AdapterOptions<ChatwootRequest>, 'inbox' | 'contact'>): (props: ChatwootProps) => ReactElement {
  let inboxFor: ReturnType<typeof compileInbox<ChatwootRequest>> | undefined;

  async function whereAndWho(request: ChatwootRequest) {
    inboxFor ??= compileInbox(inbox);
    const found = await inboxFor(request);
    const answer = await contact(request);
    return {
      baseUrl: found.baseUrl,
      websiteToken: found.websiteToken,
      identity: isContact(answer) ? toIdentity(answer, found) : null,
    };
  }

  async function Signed(props: ChatwootProps): Promise<ReactElement | null> {
    const request = { headers: await requestHeaders() };
    try {
      return <ChatwootWidget {...props} {...(await whereAndWho(request))} />;
    } catch (error) {
      if (isSignal(error)) throw error;
      console.error('chatwoot-identity: a page was served without a chat.', error);
      return null;
    }
  }

  /** The Suspense is for `cacheComponents`, which refuses a page that waits for its request anywhere else. */
  return function Chatwoot(props) {
    return (
      <Suspense fallback={null}>
        <Signed {...props} />
      </Suspense>
    );
  };
}

/** What Next.js throws to steer itself (`redirect()`, `notFound()`, a request that ended) carries a digest. */
function isSignal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'digest' in error;
}
