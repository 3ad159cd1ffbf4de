import type { ResponseHeaders } from '@chatwoot-identity/core/internal';

/** The headers of a web response. */
export class WebHeaders implements ResponseHeaders {
  readonly #headers: Headers;

  constructor(headers: Headers) {
    this.#headers = headers;
  }

  get(name: string): string | undefined {
    return this.#headers.get(name) ?? undefined;
  }

  set(name: string, value: string): void {
    this.#headers.set(name, value);
  }

  append(name: string, value: string): void {
    this.#headers.append(name, value);
  }

  remove(matches: (name: string) => boolean): void {
    for (const name of [...this.#headers.keys()]) if (matches(name)) this.#headers.delete(name);
  }

  /** Not possible: frameworks copy the headers into responses of their own. */
  lock(): void {}
}
