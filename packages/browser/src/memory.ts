/** A user's claim to a chat session. All strings are short digests, so that no identifier or session token is stored. */
export interface Claim {
  /** The session; empty until the chat has loaded. */
  session: string;
  /** The user; empty if this package has never seen them. */
  user: string;
  /** The profile that Chatwoot accepted in this session; empty if it has not accepted any. */
  profile: string;
  /** The SDK's cookie for this user; undefined until the user was passed to the SDK. */
  cookie?: string;
  /** Whether the user has signed out, or was replaced by another. */
  ended: boolean;
}

/** Reads and writes the claims of one inbox, newest first. */
export interface Memory {
  read(): Claim[];
  write(claims: Claim[]): void;
}

/** The number of claims that are remembered. */
const MOST = 50;

/**
 * Opens the memory, which persists across page loads and is shared with the other tabs. Falls back to in-memory storage
 * if `localStorage` is blocked or full.
 */
export function openMemory(websiteToken: string): Memory {
  const key = `chatwoot-identity:${websiteToken}`;
  let storage: Record<string, string>;
  try {
    storage = localStorage;
    storage[`${key}?`] = ' '.repeat(5e3); // more than the memory ever needs
    delete storage[`${key}?`];
  } catch {
    storage = {};
  }

  return {
    read() {
      try {
        const claims = JSON.parse(storage[key]!);
        if (Array.isArray(claims)) return claims;
      } catch {} // missing, or written by another script
      return [];
    },
    write(claims) {
      const text = JSON.stringify(claims.slice(0, MOST));
      try {
        storage[key] = text;
      } catch {
        storage = { [key]: text }; // full by now
      }
    },
  };
}
