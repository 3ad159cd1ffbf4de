import { ServerResponse } from 'node:http';
import type { Response } from 'express';

const METHODS = ['send', 'writeHead', 'write', 'end', 'flushHeaders', '_implicitHeader'] as const;

type Method = (typeof METHODS)[number];

/** A method of a response, to be called on it. */
export type Call = (this: Response, ...args: unknown[]) => unknown;

type Methods = Record<Method, Call>;

/** What is called instead of each method, with the method as it is below and its arguments. */
export type Watch = Record<Method, (below: Call, args: unknown[]) => unknown>;

/** Whether a method is Node's own still, which nobody has patched. */
export type IsPlain = (method: keyof typeof NATIVE) => boolean;

const { writeHead, write, end, flushHeaders } = ServerResponse.prototype;

/** As Node has them: an app may patch `app.response`, `express.response` and even Node's own later. */
export const NATIVE: Pick<ServerResponse, 'writeHead' | 'write' | 'end' | 'flushHeaders'> = {
  writeHead,
  write,
  end,
  flushHeaders,
};

/**
 * Watches the methods that send a response from the outside, however many middlewares patch them later
 * (`compression`, `express-session` and others assign their own). What they assign is called by us; what they had
 * read before passes straight through to what it was. So a body is seen here before it is compressed.
 *
 * On the response itself: Express changes its prototype for every app that it passes through.
 */
export function stayOutermost(res: Response, watch: Watch): IsPlain {
  if (LAYERS in res) {
    const first = Object.fromEntries(METHODS.map((method) => [method, methodOf(res, method)])) as Methods;
    for (const method of METHODS)
      Object.assign(res, { [method]: (...args: unknown[]) => watch[method](first[method], args) });
    return () => false;
  }
  const first: Partial<Methods> = {};
  for (const method of METHODS) if (Object.hasOwn(res, method)) first[method] = methodOf(res, method);
  const layers: Layers = { watch, first, below: first, current: outer };
  const { send, flushHeaders, _implicitHeader } = outer;
  // Nothing that patches these needs to be inside of us, and defining a property is dear.
  Object.assign(res, { [LAYERS]: layers, send, flushHeaders, _implicitHeader });
  Object.defineProperties(res, accessors);
  return (method) =>
    methodOf(res, method) === outer[method] &&
    (layers.first[method] ?? inherited(res, method)) === NATIVE[method];
}

const LAYERS = Symbol('chatwoot-identity');

interface Layers {
  readonly watch: Watch;
  /** The response's own methods as they were; the others are its app's. */
  readonly first: Partial<Methods>;
  /** What was assigned last, which we call. */
  below: Partial<Methods>;
  /** What everybody else calls. */
  current: Methods;
}

type Watched = Response & { [LAYERS]: Layers };

function methodOf(res: Response, method: Method): Call {
  return (res as unknown as Methods)[method];
}

/** The method of the app that the response is in now. */
function inherited(res: Response, method: Method): Call {
  return methodOf(Object.getPrototypeOf(res), method);
}

/** The method as everybody finds it. Who has kept it when another is assigned goes to the one that it was. */
function outermost(method: Method): Call {
  return function outermost(this: Response, ...args) {
    const { watch, first, below, current } = (this as Watched)[LAYERS];
    if (current[method] !== outermost) return (first[method] ?? inherited(this, method)).apply(this, args);
    return watch[method](below[method] ?? inherited(this, method), args);
  };
}

const outer: Methods = {
  send: outermost('send'),
  writeHead: outermost('writeHead'),
  write: outermost('write'),
  end: outermost('end'),
  flushHeaders: outermost('flushHeaders'),
  _implicitHeader: outermost('_implicitHeader'),
};

/** The same functions for every response: with closures of its own each would be an object of a class of its own to V8. */
const accessors: PropertyDescriptorMap = Object.fromEntries(
  (['writeHead', 'write', 'end'] as const).map((method): [Method, PropertyDescriptor & ThisType<Watched>] => [
    method,
    {
      configurable: true,
      enumerable: true,
      get() {
        return this[LAYERS].current[method];
      },
      set(assigned: Call) {
        const layers = this[LAYERS];
        const again: Call = function again(...args) {
          return layers.current[method] === again
            ? layers.watch[method](assigned, args)
            : assigned.apply(this, args);
        };
        layers.below = { ...layers.below, [method]: assigned };
        layers.current = { ...layers.current, [method]: again };
      },
    },
  ]),
);
