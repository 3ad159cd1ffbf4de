import { ANONYMOUS, type Owner } from './owner.js';

/** What this browser remembers of one inbox. Sessions, users who left and profiles are kept as short digests. */
export interface Memory {
  /** The owner of the browser's present session. */
  owner: Owner;
  /** The owner's session; empty if there is no owner, or the session is not known. */
  session: string;
  /** The profile and session that Chatwoot accepted last; empty while that is not known. */
  accepted: string;
  /** Sessions that belonged to a user, newest first. */
  past: string[];
  /** Identifiers of users who have left, newest first. */
  left: string[];
}

/** Where a {@link Memory} is kept. */
export interface MemoryStore {
  read(): Memory;
  write(memory: Memory): void;
}

/** The most entries that a list keeps. */
const MOST = 100;

/**
 * Keeps the memory across page loads and shares it with the other tabs. It never holds the hash. Falls back to the
 * memory of the page if `localStorage` is blocked or full.
 */
export function openMemory(websiteToken: string): MemoryStore {
  const key = `chatwoot-identity:${websiteToken}`;
  let storage: Record<string, string>;
  try {
    storage = localStorage;
    storage[`${key}?`] = ' '.repeat(4e3); // more than the memory takes
    delete storage[`${key}?`];
  } catch {
    storage = {};
  }

  return {
    read() {
      try {
        const memory = JSON.parse(storage[key]!);
        if (memory.owner.who && [memory.past, memory.left].every(Array.isArray)) return memory;
      } catch {} // none, or the value of another script
      return { owner: ANONYMOUS, session: '', accepted: '', past: [], left: [] };
    },
    write({ past, left, ...rest }) {
      const shorten = (list: string[]) => [...new Set(list)].slice(0, MOST);
      storage[key] = JSON.stringify({ ...rest, past: shorten(past), left: shorten(left) });
    },
  };
}
