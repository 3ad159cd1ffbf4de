import type { createIdentityResolver } from '@chatwoot-identity/core/adapter';
import { unstable_rethrow } from 'next/navigation';
import { type ReactElement, Suspense } from 'react';
import { ChatwootWidget } from './client.react-server.js';
import { type ChatwootRequest, requestHeaders } from './request-headers.js';
import { type ChatwootProps, chatwootProps } from './widget-props.js';

/**
 * Makes the server component that passes an identity to the client as props: inert data, no inline script.
 *
 * @param report receives the error if the page is sent without the chat
 */
export function createChatwoot(
  resolveIdentity: ReturnType<typeof createIdentityResolver<ChatwootRequest>>,
  report: (error: unknown, request: ChatwootRequest) => void,
): (props: ChatwootProps) => ReactElement {
  async function Identified(props: ChatwootProps): Promise<ReactElement | null> {
    const request = { headers: await requestHeaders() };
    try {
      const resolved = resolveIdentity(request);
      const identity = await resolved.identity();
      const { baseUrl, websiteToken } = await resolved.inbox();
      return <ChatwootWidget {...props} baseUrl={baseUrl} websiteToken={websiteToken} identity={identity} />;
    } catch (error) {
      unstable_rethrow(error); // redirect(), notFound() and the like
      report(error, request);
      return null;
    }
  }

  /** The Suspense is for `cacheComponents`, which refuses a page that waits for its request anywhere else. */
  return function Chatwoot(props) {
    const passed = { identityUrl: '/chatwoot/identity', ...chatwootProps(props) };
    return (
      <Suspense fallback={null}>
        <Identified {...passed} />
      </Suspense>
    );
  };
}
