import type { Response } from 'express';

type Method = 'writeHead' | 'write' | 'end' | 'flushHeaders';
type Call = (...args: readonly unknown[]) => unknown;

/**
 * Watches a method of a response from the outside, however many middlewares patch it later (`compression`,
 * `express-session` and others assign their own). What they assign is called by us; what they had read before
 * passes straight through to what it was. So a body is seen here before it is compressed.
 *
 * @param around called instead of the method, with the method and its arguments
 * @returns the method as it is below us
 */
export function stayOutermost(
  res: Response,
  method: Method,
  around: (below: Call, args: readonly unknown[]) => unknown,
): Call {
  let below: Call;
  let current: Call;

  function layer(inner: Call): void {
    const call: Call = (...args) => inner.apply(res, args as unknown[]);
    const outer: Call = (...args) => (outer === current ? around(call, args) : call(...args));
    below = call;
    current = outer;
  }

  layer(res[method] as Call);
  Object.defineProperty(res, method, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: layer,
  });
  return (...args) => below(...args);
}
