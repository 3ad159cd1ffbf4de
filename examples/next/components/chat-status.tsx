'use client';

import { type Status, useChatwoot } from '@chatwoot-identity/next/client';

const words: Record<Status, string> = {
  idle: 'One moment...',
  connecting: 'One moment...',
  connected: 'You are signed in, and the agent can see that it is you.',
  anonymous: 'You are an anonymous visitor.',
  refused: 'The chat refused your identity.',
  unavailable: 'The chat is unavailable.',
};

/** Shows the user whom the chat has identified. */
export function ChatStatus() {
  const { status, toggle } = useChatwoot();
  return (
    <section aria-live="polite">
      <h2>Your identity in the chat</h2>
      <p id="chat" data-status={status}>
        {words[status]}
      </p>
      <button type="button" onClick={() => toggle('open')}>
        Open the chat
      </button>
    </section>
  );
}
