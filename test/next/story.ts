import type { Sandbox } from '@chatwoot-identity/sandbox';
import { account } from '../support/scene.js';

/** The events of an inbox from now on. Several tests share an inbox, because an app is built for one. */
export interface Story {
  /** The events as `account()` prints them, with sessions numbered from here. */
  lines(): string[];
  /** Waits for a line. */
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
