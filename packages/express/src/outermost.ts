import type { Response } from 'express';

const METHODS = ['send', 'writeHead', 'write', 'end', 'flushHeaders'] as const;

type Method = (typeof METHODS)[number];

/** A method of a response, to be called on it. */
export type Call = (this: Response, ...args: unknown[]) => unknown;

type Methods = Record<Method, Call>;

/** What is called instead of each method, with the method as it is below and its arguments. */
export type Watch = Record<Method, (below: Call, args: unknown[]) => unknown>;

/** Whether a method below is Express' own still, which no middleware has patched. */
export type IsPlain = (method: Method) => boolean;

/**
 * Watches the methods that send a response from the outside, however many middlewares patch them later
 * (`compression`, `express-session` and others assign their own). What they assign is called by us; what they had
 * read before passes straight through to what it was. So a body is seen here before it is compressed.
 */
export function stayOutermost(res: Response, watch: Watch): IsPlain {
  const first = methodsOf(res);
  if (LAYERS in res) {
    for (const method of METHODS)
      Object.assign(res, { [method]: (...args: unknown[]) => watch[method](first[method], args) });
    return () => false;
  }
  const patched = METHODS.filter((method) => Object.hasOwn(res, method));
  const watched = watchApp(res) ? patched : METHODS;
  const layers: Layers = { watch, first, below: first, current: outer };
  Object.assign(res, { [LAYERS]: layers });
  for (const method of watched)
    Object.defineProperty(res, method, { ...accessors[method], configurable: true });
  return (method) => !patched.includes(method) && layers.below[method] === first[method];
}

const LAYERS = Symbol('chatwoot-identity');

interface Layers {
  readonly watch: Watch;
  /** The methods as they were. */
  readonly first: Methods;
  /** What was assigned last, which we call. */
  below: Methods;
  /** What everybody else calls. */
  current: Methods;
}

type Watched = Response & { [LAYERS]: Layers };

function methodsOf(res: Response): Methods {
  const { send, writeHead, write, end, flushHeaders } = res as unknown as Methods;
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

const outer: Methods = {
  send: outermost('send'),
  writeHead: outermost('writeHead'),
  write: outermost('write'),
  end: outermost('end'),
  flushHeaders: outermost('flushHeaders'),
};

interface Accessor {
  get(this: Response): Call;
  set(this: Response, assigned: Call): void;
}

const accessors = Object.fromEntries(
  METHODS.map((method): [Method, Accessor] => [
    method,
    {
      get() {
        return (this as Watched)[LAYERS].current[method];
      },
      set(assigned) {
        const layers = (this as Watched)[LAYERS];
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
) as Record<Method, Accessor>;

const APP = Symbol('chatwoot-identity');

/** What Express' types do not tell of an app. */
interface App {
  readonly parent?: App;
  /** The prototype of its responses. */
  readonly response: Response;
}

/**
 * Gives the accessors to all responses of an app at once, the first time that one of them is watched: five
 * properties more for each response are a tenth of what Express takes for a small page. A response that is not
 * watched is as it was.
 *
 * @returns false where there is no app to give them to, as in `http.createServer(middleware)`
 */
function watchApp(res: Response): boolean {
  if (APP in res) return true;
  let app = res.app as unknown as App | undefined;
  // The responses of a mounted app inherit from those of the app that it is mounted in.
  while (app?.parent) app = app.parent;
  const prototype = app?.response;
  if (!prototype || !Object.prototype.isPrototypeOf.call(prototype, res)) return false;
  for (const method of METHODS) watchPrototype(prototype, method);
  Object.assign(prototype, { [APP]: true });
  return true;
}

function watchPrototype(prototype: Response, method: Method): void {
  const { get, set } = accessors[method];
  const before = Object.getOwnPropertyDescriptor(prototype, method);
  const inherit = (res: Response) => Reflect.get(Object.getPrototypeOf(prototype), method, res) as Call;
  Object.defineProperty(prototype, method, {
    configurable: true,
    enumerable: true,
    get(this: Response) {
      if (LAYERS in this) return get.call(this);
      return before ? (before.get?.call(this) ?? before.value) : inherit(this);
    },
    set(this: Response, assigned: Call) {
      if (LAYERS in this) set.call(this, assigned);
      else
        Object.defineProperty(this, method, {
          value: assigned,
          configurable: true,
          enumerable: true,
          writable: true,
        });
    },
  });
}
