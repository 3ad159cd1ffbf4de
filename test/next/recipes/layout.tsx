import { ChatwootWidget } from '@chatwoot-identity/next/client';
import type { ReactNode } from 'react';
import { inbox } from '@/lib/inbox';

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        {children}
        <ChatwootWidget baseUrl={inbox.baseUrl} websiteToken={inbox.websiteToken} />
      </body>
    </html>
  );
}
