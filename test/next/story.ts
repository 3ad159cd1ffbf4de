import type { Sandbox } from '@chatwoot-identity/sandbox';
import { account } from '../support/scene.js';

/** The events of an inbox since the call of `listen()`. Tests share an inbox, because each app is built for one inbox. */
export interface Story {
  /** Returns the events in the format of `account()`. Session 1 is the first session since the call of `listen()`. */
  lines(): string[];
  /** Waits until `lines()` contains a line. */
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
