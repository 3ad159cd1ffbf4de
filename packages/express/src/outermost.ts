import type { Response } from 'express';

const METHODS = ['send', 'writeHead', 'write', 'end', 'flushHeaders'] as const;

type Method = (typeof METHODS)[number];

/** A method of a response, to be called on it. */
export type Call = (this: Response, ...args: unknown[]) => unknown;

/** What is called instead of each method, with the method as it is below and its arguments. */
export type Watch = Record<Method, (below: Call, args: unknown[]) => unknown>;

/**
 * Watches the methods that send a response from the outside, however many middlewares patch them later
 * (`compression`, `express-session` and others assign their own). What they assign is called by us; what they had
 * read before passes straight through to what it was. So a body is seen here before it is compressed.
 */
export function stayOutermost(res: Response, watch: Watch): void {
  const methods = methodsOf(res);
  if (LAYERS in res) {
    for (const method of METHODS) {
      const below = methods[method];
      Object.assign(res, { [method]: (...args: unknown[]) => watch[method](below, args) });
    }
    return;
  }
  Object.assign(res, { [LAYERS]: { watch, first: methods, below: { ...methods }, current: { ...outer } } });
  Object.defineProperties(res, accessors);
}

const LAYERS = Symbol('chatwoot-identity');

interface Layers {
  readonly watch: Watch;
  /** The methods as they were. */
  readonly first: Record<Method, Call>;
  /** What was assigned last, which we call. */
  readonly below: Record<Method, Call>;
  /** What everybody else calls. */
  readonly current: Record<Method, Call>;
}

type Watched = Response & { [LAYERS]: Layers };

function methodsOf(res: Response): Record<Method, Call> {
  const { send, writeHead, write, end, flushHeaders } = res as unknown as Record<Method, Call>;
  return { send, writeHead, write, end, flushHeaders };
}

/** The method as everybody finds it. Who has kept it when another is assigned goes to the one that it was. */
function outermost(method: Method): Call {
  return function outermost(this: Response, ...args) {
    const { watch, first, below, current } = (this as Watched)[LAYERS];
    if (current[method] !== outermost) return first[method].apply(this, args);
    return watch[method](below[method], args);
  };
}

const outer: Record<Method, Call> = {
  send: outermost('send'),
  writeHead: outermost('writeHead'),
  write: outermost('write'),
  end: outermost('end'),
  flushHeaders: outermost('flushHeaders'),
};

/** The same functions for every response: with closures of its own each would be an object of a class of its own to V8. */
const accessors: PropertyDescriptorMap = Object.fromEntries(
  METHODS.map((method): [Method, PropertyDescriptor & ThisType<Watched>] => [
    method,
    {
      configurable: true,
      enumerable: true,
      get() {
        return this[LAYERS].current[method];
      },
      set(assigned: Call) {
        const { watch, below, current } = this[LAYERS];
        below[method] = assigned;
        current[method] = function again(this: Response, ...args) {
          return current[method] === again ? watch[method](assigned, args) : assigned.apply(this, args);
        };
      },
    },
  ]),
);
