/**
 * The claim of a user to a chat session: a record that the session belongs to this user. All strings are
 * short digests, so that no identifier or session token is stored.
 */
export interface Claim {
  /** The chat session; empty until the chat has loaded. */
  session: string;
  /** The user; empty if the session belongs to an unknown user. */
  user: string;
  /** The profile that Chatwoot accepted in this session; empty if Chatwoot has not accepted a profile. */
  profile: string;
  /** The SDK's cookie for this user; undefined until the user was passed to the SDK. */
  cookie?: string;
  /** Whether the user has signed out or was replaced by another user. */
  ended: boolean;
}

/** Reads and writes the claims on the chat sessions of one inbox, newest first. */
export interface Memory {
  read(): Claim[];
  write(claims: Claim[]): void;
}

/** The maximum number of claims that are stored. */
const MOST = 50;

/**
 * Opens the storage of claims, which persists across page loads and is shared by all tabs. Falls back to a
 * variable of the page if `localStorage` is blocked or full.
 */
export function openMemory(websiteToken: string): Memory {
  const key = `chatwoot-identity:${websiteToken}`;
  let storage: Record<string, string>;
  try {
    storage = localStorage;
    storage[`${key}?`] = ' '.repeat(5e3); // a test with more characters than the claims ever need
    delete storage[`${key}?`];
  } catch {
    storage = {};
  }

  return {
    read() {
      try {
        const claims = JSON.parse(storage[key]!);
        if (Array.isArray(claims)) return claims;
      } catch {} // the entry is missing, or another script wrote it
      return [];
    },
    write(claims) {
      const text = JSON.stringify(claims.slice(0, MOST));
      try {
        storage[key] = text;
      } catch {
        storage = { [key]: text }; // localStorage has become full
      }
    },
  };
}
