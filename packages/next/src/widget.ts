import { type ConnectOptions, connect, type Identity } from '@chatwoot-identity/browser';
import { useEffect } from 'react';

/** What a {@link ChatwootWidget} needs to know. */
export interface ChatwootWidgetProps extends ConnectOptions {
  /** The signed-in user as `identity()` gives it, null for nobody. Left out: asked of `identityUrl`. */
  identity?: Identity | null | undefined;
  /**
   * Where the route handler is, with the app's `basePath` if it has one.
   * @default '/chatwoot/identity', where `identity` is left out
   */
  identityUrl?: string;
  /** Anything that changes when another user signs in or out without a page load: the identity is asked for again. */
  userKey?: string | number | null | undefined;
  /** Nothing: it stops `<ChatwootWidget {...inbox} />`, which would put the token into the page. */
  hmacToken?: never;
}

/**
 * The chat. It renders nothing of its own and belongs into the root layout, once. It stays as it is through
 * navigations and when it is unmounted; only another identity changes who is in it.
 *
 * @example
 * <ChatwootWidget baseUrl="https://app.chatwoot.com" websiteToken={process.env.NEXT_PUBLIC_CHATWOOT_WEBSITE_TOKEN!} />
 */
export function ChatwootWidget(props: ChatwootWidgetProps): null {
  // On the server too, where React renders this first: a static page with the token in it ends the build.
  if ('hmacToken' in props) {
    throw new TypeError(
      'ChatwootWidget was given hmacToken, and what it is given goes to the browser. Pass baseUrl and websiteToken alone.',
    );
  }
  // By value: settings are often an object literal, new at each render, and each new connect() may be a request.
  const wanted = JSON.stringify(props);

  useEffect(() => {
    const { identity, userKey: _, ...options } = JSON.parse(wanted) as ChatwootWidgetProps;
    if (identity === undefined) options.identityUrl ??= '/chatwoot/identity';
    void connect(identity, options);
  }, [wanted]);

  return null;
}
