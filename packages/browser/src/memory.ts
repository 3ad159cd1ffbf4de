import { ANONYMOUS, type Owner } from './owner.js';

/**
 * The state that this browser remembers for one inbox. Sessions, profiles and users who have left are stored as short
 * digests.
 */
export interface Memory {
  /** The owner of the browser's current session. */
  owner: Owner;
  /** The owner's session; empty if there is no owner, or the session is not known. */
  session: string;
  /** The profile and session that Chatwoot accepted last; empty if there is none. */
  accepted: string;
  /** Sessions that belonged to a user, newest first. */
  past: string[];
  /** Users who have signed out or were replaced by another, newest first. */
  left: string[];
}

/** Reads and writes a {@link Memory}. */
export interface MemoryStore {
  read(): Memory;
  write(memory: Memory): void;
}

/** The most entries in a list. */
const MOST = 100;

/**
 * Opens the memory, which persists across page loads and is shared with the other tabs. It never contains the
 * identifier's hash. Falls back to in-memory storage if `localStorage` is blocked or full.
 */
export function openMemory(websiteToken: string): MemoryStore {
  const key = `chatwoot-identity:${websiteToken}`;
  let storage: Record<string, string>;
  try {
    storage = localStorage;
    storage[`${key}?`] = ' '.repeat(4e3); // more than the memory ever needs
    delete storage[`${key}?`];
  } catch {
    storage = {};
  }

  return {
    read() {
      try {
        const memory = JSON.parse(storage[key]!);
        if (memory.owner.who && [memory.past, memory.left].every(Array.isArray)) return memory;
      } catch {} // missing, or written by another script
      return { owner: ANONYMOUS, session: '', accepted: '', past: [], left: [] };
    },
    write({ past, left, ...rest }) {
      const shorten = (list: string[]) => [...new Set(list)].slice(0, MOST);
      storage[key] = JSON.stringify({ ...rest, past: shorten(past), left: shorten(left) });
    },
  };
}
