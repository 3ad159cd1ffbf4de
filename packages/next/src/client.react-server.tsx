import type { ReactElement } from 'react';
import { ChatwootWidget as ClientWidget } from './client.js';
import { type ChatwootWidgetProps, widgetProps } from './widget-props.js';

export { useChatwoot } from './client.js';

/**
 * Renders `<ChatwootWidget>` in a server component. React serialises all props of a client component before the code of
 * the component runs, so this function validates the props on the server.
 */
export function ChatwootWidget(props: ChatwootWidgetProps): ReactElement {
  return <ClientWidget {...widgetProps(props)} />;
}
