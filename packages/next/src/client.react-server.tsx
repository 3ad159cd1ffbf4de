import type { ReactElement } from 'react';
import { ChatwootWidget as ClientWidget } from './client.js';
import { type ChatwootWidgetProps, widgetProps } from './widget-props.js';

export { useChatwoot } from './client.js';

/**
 * `<ChatwootWidget>` for server components. React serialises all props of a client component before its code runs,
 * so they are checked here, on the server.
 */
export function ChatwootWidget(props: ChatwootWidgetProps): ReactElement {
  return <ClientWidget {...widgetProps(props)} />;
}
