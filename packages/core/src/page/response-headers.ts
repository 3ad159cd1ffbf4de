import type { ServerResponse } from 'node:http';

/** The headers of a response that has not been sent. */
export interface ResponseHeaders {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
  append(name: string, value: string): void;
  /** Removes every header if `matches` returns true for its lower-case name. */
  remove(matches: (name: string) => boolean): void;
  /**
   * Locks every header if `matches` returns true for its lower-case name: later calls to set, append or
   * remove that header are ignored.
   */
  lock(matches: (name: string) => boolean): void;
}

/** A response whose headers have not been sent, as an adapter describes it. */
export interface PendingResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The Content-Security-Policy nonce, from the place where apps of the framework usually store it. */
  readonly nonce?: unknown;
  /** True if the headers are sent immediately and no other middleware can change them, so they need not be locked. */
  readonly final?: boolean;
}

/** The headers of a Node response, which Express and Koa write to. */
export class NodeHeaders implements ResponseHeaders {
  readonly #res: ServerResponse;

  constructor(res: ServerResponse) {
    this.#res = res;
  }

  get(name: string): string | undefined {
    return this.#res.getHeader(name)?.toString();
  }

  set(name: string, value: string): void {
    this.#res.setHeader(name, value);
  }

  append(name: string, value: string): void {
    this.#res.appendHeader(name, value);
  }

  remove(matches: (name: string) => boolean): void {
    for (const name of this.#res.getHeaderNames()) {
      if (matches(name)) this.#res.removeHeader(name);
    }
  }

  lock(matches: (name: string) => boolean): void {
    if (LOCK in this.#res) return;
    const { setHeader, appendHeader, removeHeader } = this.#res as unknown as Lock['unlocked'];
    const lock: Lock = { matches, unlocked: { setHeader, appendHeader, removeHeader } };
    Object.assign(this.#res, { [LOCK]: lock }, locked);
  }
}

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

  /** Does nothing, because frameworks copy the headers into new responses, where a lock would be lost. */
  lock(): void {}
}

/**
 * This symbol is created with `Symbol.for`, because an app may load two copies of this package: as ESM and as
 * CommonJS.
 */
const LOCK: unique symbol = Symbol.for('chatwoot-identity.lock') as never;

type Change = (this: ServerResponse, name: string, ...value: unknown[]) => unknown;

interface Lock {
  readonly matches: (name: string) => boolean;
  readonly unlocked: Record<keyof typeof locked, Change>;
}

/**
 * The methods of a response with locked headers, shared by all responses. Per-response closures would give
 * every response its own hidden class in V8.
 */
const locked = {
  setHeader: unlessLocked('setHeader'),
  appendHeader: unlessLocked('appendHeader'),
  removeHeader: unlessLocked('removeHeader'),
};

function unlessLocked(method: 'setHeader' | 'appendHeader' | 'removeHeader'): Change {
  return function unlessLocked(this: ServerResponse, name, ...value) {
    const { matches, unlocked } = (this as ServerResponse & { [LOCK]: Lock })[LOCK];
    return matches(String(name).toLowerCase()) ? this : unlocked[method].call(this, name, ...value);
  };
}
