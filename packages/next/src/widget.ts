import { connect } from '@chatwoot-identity/browser';
import { useEffect } from 'react';
import { enter, leave } from './presence.js';
import { type ChatwootWidgetProps, widgetProps } from './widget-props.js';

/**
 * Connects the page's chat. Renders no elements. Place it once, in the root layout or in each page with a chat. On
 * pages without it the chat is hidden, and the next page with it fetches the identity from `identityUrl`.
 *
 * @param props the public half of the inbox, and the widget's appearance
 * @returns null: the chat is not part of React's tree
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
  // Compared by value, because settings is often an object literal, new in each render, and connect() may send a request.
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
