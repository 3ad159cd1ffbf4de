import type { ConnectOptions, Identity } from '@chatwoot-identity/browser';

/** Props of `<ChatwootWidget>`. */
export interface ChatwootWidgetProps extends Omit<ConnectOptions, 'confirm'> {
  /**
   * The identity of the signed-in user, from `identity()` of the Pages Router, or null for an anonymous visitor. If
   * omitted, the browser fetches the identity from `identityUrl`.
   */
  identity?: Identity | null | undefined;
  /**
   * The path of the route handler, including the `basePath` of the app. The default applies only if `identity` is
   * omitted.
   * @default '/chatwoot/identity'
   */
  identityUrl?: string;
  /** A value that changes when a user signs in or out without a page load. Each change fetches the identity again. */
  userKey?: string | number | null | undefined;
  /**
   * Must not be set. Makes TypeScript reject `<ChatwootWidget {...inbox} />`, which would send the token to the browser.
   */
  hmacToken?: never;
}

/** Props of `<Chatwoot />`. The identity and the inbox come from the options of `chatwootIdentity`. */
export interface ChatwootProps extends Pick<ChatwootWidgetProps, 'anonymous' | 'settings' | 'nonce'> {
  /**
   * The path of the route handler, including the `basePath` of the app. The browser fetches the identity from this path
   * if the identity in the page may be outdated.
   * @default '/chatwoot/identity'
   */
  identityUrl?: string;
  /** Must not be set. Makes TypeScript reject `<Chatwoot {...inbox} />`. */
  hmacToken?: never;
}

const CHATWOOT_PROPS = ['identityUrl', 'anonymous', 'settings', 'nonce'] as const;
const WIDGET_PROPS = [
  'baseUrl',
  'websiteToken',
  'headers',
  'identity',
  'userKey',
  ...CHATWOOT_PROPS,
] as const;

/**
 * Returns only the known props of `<Chatwoot />`, because a server component may pass all its props to the browser.
 *
 * @throws {TypeError} if the props include the HMAC token
 */
export function chatwootProps(props: ChatwootProps): ChatwootProps {
  if ('hmacToken' in props) {
    throw new TypeError(
      '<Chatwoot> was given hmacToken, and props can reach the browser. Remove {...inbox}: chatwootIdentity() already has the inbox.',
    );
  }
  return pick(props, CHATWOOT_PROPS);
}

/**
 * Returns only the known props of `<ChatwootWidget>`.
 *
 * @throws {TypeError} if the props include the HMAC token
 */
export function widgetProps(props: ChatwootWidgetProps): ChatwootWidgetProps {
  if ('hmacToken' in props) {
    throw new TypeError(
      '<ChatwootWidget> was given hmacToken, and its props are sent to the browser. Do not spread the inbox: ' +
        'in a server component, pass baseUrl={inbox.baseUrl} and websiteToken={inbox.websiteToken}.',
    );
  }
  return pick(props, WIDGET_PROPS);
}

function pick<Props extends object, Name extends keyof Props>(
  props: Props,
  names: readonly Name[],
): Pick<Props, Name> {
  const present = names.filter((name) => props[name] !== undefined);
  return Object.fromEntries(present.map((name) => [name, props[name]])) as Pick<Props, Name>;
}
