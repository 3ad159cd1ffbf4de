import { connect } from '@chatwoot-identity/browser';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { enter, leave } from './presence.js';
import { type ChatwootWidgetProps, widgetProps } from './widget-props.js';

/**
 * Loads the page's chat and identifies the signed-in user to Chatwoot. Render this component once, in the root layout
 * or in each page with a chat. A page without this component hides the chat. The next page with this component
 * fetches the identity from `identityUrl` again.
 *
 * @param props the public values of the inbox, and the appearance of the widget
 * @returns null, because the chat is not part of React's tree
 * @throws {TypeError} if the props include the HMAC token
 * @example
 * export default function RootLayout({ children }: { children: ReactNode }) {
 *   return (
 *     <html lang="en">
 *       <body>
 *         {children}
 *         <ChatwootWidget baseUrl={inbox.baseUrl} websiteToken={inbox.websiteToken} />
 *       </body>
 *     </html>
 *   );
 * }
 */
export function ChatwootWidget(props: ChatwootWidgetProps): null {
  // Compare the props by value: `settings` is often an object literal that is new in each render, and each call of
  // `connect` may send a request.
  const wanted = JSON.stringify(widgetProps(props));
  const isLoadedPage = useRef(useHydration());
  const knownKey = useRef(props.userKey);
  const headers = useRef(props.headers);
  useEffect(() => {
    headers.current = props.headers; // a function cannot be compared, and may be a new one in each render
  });

  useEffect(() => {
    const { identity, userKey, ...options } = JSON.parse(wanted) as ChatwootWidgetProps;
    if (identity === undefined) options.identityUrl ??= '/chatwoot/identity';
    options.headers = () => {
      const { current } = headers;
      return typeof current === 'function' ? current() : (current ?? {});
    };
    const isOutdated = (enter() || userKey !== knownKey.current) && options.identityUrl !== undefined;
    knownKey.current = userKey;
    // Any other page may come from the router's cache, from before a login or logout.
    const confirm = !isLoadedPage.current;
    queueMicrotask(() => {
      isLoadedPage.current = false; // later than the second run of StrictMode
    });
    void connect(isOutdated ? undefined : identity, { ...options, confirm });
    return leave;
  }, [wanted]);

  return null;
}

const neverChanges = () => () => {};

/** True while React hydrates the page that was loaded; false for a component that is rendered later. */
function useHydration(): boolean {
  return useSyncExternalStore(
    neverChanges,
    () => false,
    () => true,
  );
}
