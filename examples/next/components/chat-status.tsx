'use client';

import { type Status, useChatwoot } from '@chatwoot-identity/next/client';

const words: Record<Status, string> = {
  idle: 'One moment...',
  connecting: 'One moment...',
  connected: 'You, and the agent sees that it is you.',
  anonymous: 'A visitor without a name.',
  refused: 'Nobody: the chat refused the identity.',
  unavailable: 'No chat: it does not answer.',
};

/** What the chat makes of the visitor. */
export function ChatStatus() {
  const { status, toggle } = useChatwoot();
  return (
    <section aria-live="polite">
      <h2>Who the chat says you are</h2>
      <p id="chat" data-status={status}>
        {words[status]}
      </p>
      <button type="button" onClick={() => toggle('open')}>
        Open the chat
      </button>
    </section>
  );
}
