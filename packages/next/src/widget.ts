import { connect } from '@chatwoot-identity/browser';
import { useEffect } from 'react';
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

  useEffect(() => {
    const { identity, userKey: _, ...options } = JSON.parse(wanted) as ChatwootWidgetProps;
    if (identity === undefined) options.identityUrl ??= '/chatwoot/identity';
    const outdated = enter() && options.identityUrl !== undefined;
    void connect(outdated ? undefined : identity, options);
    return leave;
  }, [wanted]);

  return null;
}
