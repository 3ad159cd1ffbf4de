import type { Sandbox } from '@chatwoot-identity/sandbox';
import { account } from '../support/scene.js';

/** What an inbox sees from now on: apps are built for one inbox, so several tests share it. */
export interface Story {
  /** As `account()` tells it; sessions are numbered from here. */
  lines(): string[];
  /** Waits until a line is there. */
  see(line: string): Promise<void>;
}

export function listen(sandbox: Sandbox): Story {
  const [events, sessions] = [sandbox.record.length, sandbox.sessions.length];
  const lines = () =>
    account({ ...sandbox, record: sandbox.record.slice(events), sessions: sandbox.sessions.slice(sessions) });
  return {
    lines,
    async see(line) {
      await sandbox.until(() => lines().includes(line));
    },
  };
}
