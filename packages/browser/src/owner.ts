/** Whose chat this browser holds. */
export interface Owner {
  /** Null for nobody. */
  readonly identifier: string | null;
  /** A digest of the profile and session that Chatwoot accepted; empty while that is not known. */
  readonly accepted: string;
  /**
   * Digests of the sessions that have been anybody's, newest first, each with a space behind it. The first is the
   * owner's, and empty where there is none or it is not known.
   */
  readonly sessions: string;
}

/** The memory of an {@link Owner}. */
export interface OwnerMark {
  read(): Owner | null;
  write(owner: Owner): void;
}

/**
 * Remembers the owner across page loads and shows it to the other tabs, one mark for each website token. It
 * never holds the hash. Where the browser blocks storage, or it is full (it then throws), the memory is that of the page.
 */
export function ownerMark(websiteToken: string): OwnerMark {
  const key = `chatwoot-identity:${websiteToken}`;
  let storage: Record<string, string>;
  try {
    storage = localStorage;
    storage[`${key}?`] = ' '.repeat(3e3); // more than a mark takes
    delete storage[`${key}?`];
  } catch {
    storage = {};
  }

  return {
    read() {
      try {
        return JSON.parse(storage[key]!);
      } catch {
        return null; // there is none, or it is not ours
      }
    },
    write(owner) {
      storage[key] = JSON.stringify(owner);
    },
  };
}
