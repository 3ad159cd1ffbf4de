import type { createIdentityResolver } from '@chatwoot-identity/core/internal';
import { unstable_rethrow } from 'next/navigation';
import { type ReactElement, Suspense } from 'react';
import { ChatwootWidget } from './client.react-server.js';
import { type ChatwootRequest, currentHeaders } from './request-headers.js';
import { type ChatwootProps, chatwootProps } from './widget-props.js';

/**
 * Creates the `<Chatwoot />` server component. The component passes the identity to the browser as props, not in an
 * inline script.
 *
 * @param report called with the error if `contact` or `inbox` fails; the page is then sent without the chat
 */
export function createChatwoot(
  resolveIdentity: ReturnType<typeof createIdentityResolver<ChatwootRequest>>,
  report: (error: unknown, request: ChatwootRequest) => void,
): (props: ChatwootProps) => ReactElement {
  async function Identified(props: ChatwootProps): Promise<ReactElement | null> {
    const request = { headers: await currentHeaders() };
    try {
      const resolved = resolveIdentity(request);
      const identity = await resolved.identity();
      const { baseUrl, websiteToken } = await resolved.inbox();
      // A new key for each response, because the browser may have changed the chat's user since the last one: then an
      // identity is news even if it is that of the last response.
      const key = crypto.randomUUID();
      return <ChatwootWidget key={key} {...props} {...{ baseUrl, websiteToken, identity }} />;
    } catch (error) {
      unstable_rethrow(error); // rethrows the errors that redirect() and notFound() throw
      report(error, request);
      return null;
    }
  }

  /**
   * Wraps the chat in Suspense: with `cacheComponents`, Next.js rejects a page that awaits the request outside
   * Suspense.
   */
  return function Chatwoot(props) {
    const passed = { identityUrl: '/chatwoot/identity', ...chatwootProps(props) };
    return (
      <Suspense fallback={null}>
        <Identified {...passed} />
      </Suspense>
    );
  };
}
