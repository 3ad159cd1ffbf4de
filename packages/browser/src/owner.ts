/** Whose chat this browser holds. */
export interface Owner {
  identifier: string;
  /** A digest of the profile and session that Chatwoot accepted; empty while that is not known. */
  accepted: string;
}

/** The memory of an {@link Owner}. */
export interface OwnerMark {
  read(): Owner | undefined;
  write(identifier: string, accepted: string): void;
  clear(): void;
}

/**
 * Remembers the owner across page loads and shows it to the other tabs, one mark for each website token. It
 * never holds the hash. Where the browser blocks storage (it then throws), the memory is that of the page.
 */
export function ownerMark(websiteToken: string): OwnerMark {
  const key = `chatwoot-identity:${websiteToken}`;
  let storage: Record<string, string>;
  try {
    storage = localStorage;
    storage[`${key}?`] = '';
    delete storage[`${key}?`];
  } catch {
    storage = {};
  }

  return {
    read() {
      const value = storage[key] ?? '';
      const space = value.indexOf(' ');
      return space < 0 ? undefined : { accepted: value.slice(0, space), identifier: value.slice(space + 1) };
    },
    write(identifier, accepted) {
      storage[key] = `${accepted} ${identifier}`;
    },
    clear() {
      delete storage[key];
    },
  };
}
